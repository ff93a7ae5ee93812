using System.Net;
using System.Net.Sockets;

namespace Reminders.Lab.Chaos;

/// <summary>What the line between a node and its database does.</summary>
internal enum LineState
{
    /// <summary>Everything passes.</summary>
    Open,

    /// <summary>Connections are reset, new ones too.</summary>
    Refused,

    /// <summary>Nothing passes and nothing is reset: a cable pulled out.</summary>
    Stalled,

    /// <summary>Requests pass; at the first byte of an answer the connection is reset: what was committed stays unknown.</summary>
    Answerless,
}

/// <summary>One node's way to PostgreSQL: a TCP proxy on the loopback, so that this node alone can be cut off.</summary>
internal sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Lock _gate = new();
    private readonly HashSet<Link> _links = [];
    private readonly Task _accepting;
    private TaskCompletionSource _passable = Done();
    private LineState _state;

    public DatabaseProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public LineState State
    {
        get => _state;
        set
        {
            Link[] cut = [];
            lock (_gate)
            {
                _state = value;
                if (value == LineState.Stalled && _passable.Task.IsCompleted)
                {
                    _passable = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
                else if (value != LineState.Stalled)
                {
                    _passable.TrySetResult();
                }

                if (value == LineState.Refused)
                {
                    cut = [.. _links];
                }
            }
            foreach (var link in cut)
            {
                link.Reset();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        State = LineState.Refused;
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    /// <summary>Owned by the link's sockets: ends when either side, or <see cref="State"/>, closes them.</summary>
    private async Task ServeAsync(Socket client)
    {
        var link = new Link(client, new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        lock (_gate)
        {
            _links.Add(link);
        }

        try
        {
            await _passable.Task.WaitAsync(_stop.Token);
            if (_state == LineState.Refused)
            {
                return;
            }

            await link.Server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            client.NoDelay = link.Server.NoDelay = true;
            await Task.WhenAny(PumpAsync(client, link.Server, answers: false), PumpAsync(link.Server, client, answers: true));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
        finally
        {
            lock (_gate)
            {
                _links.Remove(link);
            }

            link.Reset();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool answers)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                await _passable.Task.WaitAsync(_stop.Token);
                if (answers && _state == LineState.Answerless)
                {
                    return;
                }

                var sent = 0;
                while (sent < count)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private sealed record Link(Socket Client, Socket Server)
    {
        /// <summary>RST on both sides: what had not been read is lost, as when a machine dies.</summary>
        public void Reset()
        {
            foreach (var socket in (Socket[])[Client, Server])
            {
                try
                {
                    socket.LingerState = new LingerOption(true, 0);
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException) { }
                socket.Dispose();
            }
        }
    }
}
