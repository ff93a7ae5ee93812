using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reminders.Lab.Apps;

/// <summary>
/// What an application needs to use the engine: JSON over HTTP and a key. It asks one node after another, and another when
/// one does not answer: every call here is safe to repeat, because the engine tells no one twice.
/// </summary>
/// <param name="nodes">The nodes that are up now.</param>
/// <param name="key">An API key.</param>
public sealed class EngineClient(Func<IReadOnlyList<Uri>> nodes, string key) : IDisposable
{
    private const int Tries = 5;

    private readonly HttpClient _http = new(new PatientHandler())
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        Timeout = TimeSpan.FromSeconds(30),
    };

    private int _turn;

    /// <summary>Asks for a notification.</summary>
    public async Task<NotificationAnswer> NotifyAsync(NotificationRequest request, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, "api/notifications", request, cancellationToken)).Deserialize<NotificationAnswer>(
            JsonSerializerOptions.Web
        )!;

    /// <summary>Closes a subject; how many recipients were spared, 0 when there was nothing to close.</summary>
    public async Task<int> CloseAsync(string type, string subject, CancellationToken cancellationToken)
    {
        var path = $"api/notifications?type={Uri.EscapeDataString(type)}&subject={Uri.EscapeDataString(subject)}";
        return (int?)(await SendAsync(HttpMethod.Delete, path, null, cancellationToken, HttpStatusCode.NotFound))["cancelled"] ?? 0;
    }

    /// <summary>Writes people, each an object as <c>PUT /api/recipients</c> describes it.</summary>
    public Task KeepAsync(IEnumerable<object> people, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, "api/recipients", new { recipients = people }, cancellationToken);

    public Task KeepGroupAsync(string name, IEnumerable<string> members, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"api/groups/{Uri.EscapeDataString(name)}", new { members }, cancellationToken);

    /// <summary>A token with which a person reads their inbox.</summary>
    public async Task<string> TokenAsync(string recipient, CancellationToken cancellationToken) =>
        (string)(await SendAsync(HttpMethod.Post, "api/tokens", new { recipient }, cancellationToken))["token"]!;

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> SendAsync(
        HttpMethod method,
        string path,
        object? body,
        CancellationToken cancellationToken,
        HttpStatusCode? alsoFine = null
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var up = nodes();
            try
            {
                using var request = new HttpRequestMessage(
                    method,
                    new Uri(up[(int)((uint)Interlocked.Increment(ref _turn) % up.Count)], path)
                );
                if (body is not null)
                {
                    request.Content = JsonContent.Create(body, options: JsonSerializerOptions.Web);
                }

                using var answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                return answer.IsSuccessStatusCode || answer.StatusCode == alsoFine
                    ? JsonNode.Parse(text)!
                    : throw new InvalidOperationException($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
            }
            catch (Exception exception) when (attempt < Tries && exception is HttpRequestException or SocketException)
            {
                // Another node is asked.
            }
        }
    }
}

/// <summary>As <c>POST /api/notifications</c> takes it.</summary>
public sealed record NotificationRequest(
    string Kind,
    string Subject,
    object Data,
    IReadOnlyList<string>? Recipients = null,
    string? Group = null,
    int? Version = null,
    int? DelaySeconds = null
);

/// <summary>What was planned, what was planned or told before, and what could not be.</summary>
public sealed record NotificationAnswer(int Planned, int Suppressed, int Refused);
