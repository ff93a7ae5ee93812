using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Reminders.Lab.Demo.Acts;

/// <summary>A person's app: reads their inbox from a node, and keeps a live connection to one.</summary>
internal sealed class InboxApp(string user, string token) : IAsyncDisposable
{
    private readonly HttpClient _http = new()
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };
    private readonly CancellationTokenSource _closed = new();
    private ClientWebSocket? _socket;
    private Task _reading = Task.CompletedTask;

    public string User => user;

    /// <summary>What was pushed, in the order it came.</summary>
    public ConcurrentQueue<JsonNode> Pushed { get; } = new();

    public async Task<JsonNode> ListAsync(Uri node, CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<JsonNode>(new Uri(node, "api/notifications/"), cancellationToken))!;

    public async Task<int> UnreadAsync(Uri node, CancellationToken cancellationToken) =>
        (int)(await _http.GetFromJsonAsync<JsonNode>(new Uri(node, "api/notifications/unread_count/"), cancellationToken))!["total"]!;

    public async Task<int> MarkAllReadAsync(Uri node, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsync(new Uri(node, "api/notifications/mark_all_as_read/"), null, cancellationToken);
        return (int)(await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["count"]!;
    }

    /// <summary>Connects, and goes on after the last one it was pushed.</summary>
    public async Task ConnectAsync(Uri node, CancellationToken cancellationToken)
    {
        _socket = new ClientWebSocket();
        var cursor = Pushed.IsEmpty ? 0 : (long)Pushed.Last()["cursor"]!;
        // As a browser has to, which cannot send a header here: a ticket, in place of the token, stands in the address.
        using var answer = await _http.PostAsync(new Uri(node, "api/notifications/ticket/"), null, cancellationToken);
        var ticket = (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["ticket"]!;
        await _socket.ConnectAsync(
            new UriBuilder(new Uri(node, "ws/notifications/")) { Scheme = "ws", Query = $"token={ticket}&cursor={cursor}" }.Uri,
            cancellationToken
        );
        _reading = ReadAsync(_socket);
    }

    /// <summary>The line is gone, without a word.</summary>
    public async Task DropAsync()
    {
        _socket?.Abort();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await DropAsync();
        _socket?.Dispose();
        _http.Dispose();
        _closed.Dispose();
    }

    private async Task ReadAsync(ClientWebSocket from)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await from.ReceiveAsync(buffer.AsMemory(length), _closed.Token);
                    length += part.Count;
                } while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                Pushed.Enqueue(JsonNode.Parse(buffer.AsSpan(0, length))!);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Dropped: whoever wants more connects again.
        }
    }
}
