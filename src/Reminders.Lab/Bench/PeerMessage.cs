using System.Net.Http.Json;

namespace Reminders.Lab.Bench;

/// <summary>What each peer sends: one message to one chat.</summary>
internal sealed class PeerMessage(Uri sendMessage) : IDisposable
{
    private readonly HttpClient _http = new();

    /// <param name="number">Of the message, from 1.</param>
    public async Task SendAsync(long number, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(
            sendMessage,
            new { chat_id = 1_000_000 + number, text = "Your interview is in two hours." },
            cancellationToken
        );
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
