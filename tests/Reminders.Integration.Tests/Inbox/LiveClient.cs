using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Web;

namespace Reminders.Integration.Tests.Inbox;

/// <summary>A client of the live connection, as an app would have one.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();

    public WebSocketCloseStatus? ClosedWith => _socket.CloseStatus;

    public static async Task<LiveClient> ConnectAsync(WebNode node, Person person, long? cursor = null)
    {
        var client = new LiveClient();
        client._socket.Options.SetRequestHeader("Authorization", $"Bearer {person.Token}");
        await client._socket.ConnectAsync(
            Address(node, cursor is { } after ? $"cursor={after}" : ""),
            TestContext.Current.CancellationToken
        );
        return client;
    }

    /// <summary>As a browser opens it: nothing but an address, and subprotocols.</summary>
    public static async Task<LiveClient> OpenAsync(WebNode node, string query, params string[] protocols)
    {
        var client = new LiveClient();
        foreach (var protocol in protocols)
        {
            client._socket.Options.AddSubProtocol(protocol);
        }

        try
        {
            await client._socket.ConnectAsync(Address(node, query), TestContext.Current.CancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public string? Protocol => _socket.SubProtocol;

    public static Uri Address(WebNode node, string query) => new($"ws://{node.Http.BaseAddress!.Authority}/ws/notifications/?{query}");

    /// <summary>The next notification; null when the server has closed.</summary>
    public async Task<JsonNode?> NextAsync()
    {
        using var bound = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, bound.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(Encoding.UTF8.GetString(message.ToArray()));
            }
        }
    }

    public async Task<long> NextCursorAsync() =>
        (long)
            (await NextAsync() ?? throw new InvalidOperationException($"Closed: {ClosedWith} {_socket.CloseStatusDescription}"))["cursor"]!;

    public async Task<List<long>> NextCursorsAsync(int count)
    {
        var cursors = new List<long>(count);
        while (cursors.Count < count)
        {
            cursors.Add(await NextCursorAsync());
        }

        return cursors;
    }

    /// <summary>As an app that is closed; disposing alone is a line that breaks.</summary>
    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
