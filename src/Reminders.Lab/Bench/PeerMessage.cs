namespace Reminders.Lab.Bench;

/// <summary>What each peer sends: one message to one chat.</summary>
internal sealed class PeerMessage(Uri sendMessage) : IDisposable
{
    private readonly HttpClient _http = new();

    /// <param name="number">Of the message, from 1.</param>
    public async Task SendAsync(long number, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent([
            new("chat_id", $"{1_000_000 + number}"),
            new("text", "Your interview is in two hours."),
        ]);
        using var response = await _http.PostAsync(sendMessage, content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
