using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Reminders.Tests.Channels.Wire;

/// <summary>
/// An HTTP/1.1 server on a bare socket, so that a test decides what happens to the connection after a whole request arrived.
/// Every request that arrived whole is counted, answered or not.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<Exchange, Task> _script;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly TaskCompletionSource<ReceivedRequest> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    private ScriptedServer(Func<Exchange, Task> script)
    {
        _script = script;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}/");

    public ReceivedRequest[] Requests => [.. _requests];

    /// <summary>Completes when the first whole request is here.</summary>
    public Task<ReceivedRequest> First => _first.Task;

    public static ScriptedServer Start(Func<Exchange, Task> script) => new(script);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _accepting; // first, or it may find the listener stopped between two connections
        _listener.Stop();
        await Task.WhenAll(_connections);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                _connections.Add(ServeAsync(client, number));
            }
        }
        catch (OperationCanceledException) { }
    }

    private async Task ServeAsync(TcpClient client, int connection)
    {
        using (client)
        {
            try
            {
                var reader = new RequestReader(client.GetStream());
                for (var number = 0; await reader.ReadAsync(_closing.Token) is { } request; number++)
                {
                    _requests.Enqueue(request);
                    _first.TrySetResult(request);
                    await _script(new Exchange(client, request, connection, number, _closing.Token));
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or SocketException) { }
        }
    }
}
