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
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int target;
    private readonly Lock gate = new();
    private readonly HashSet<Link> links = [];
    private readonly Task accepting;
    private TaskCompletionSource passable = Done();
    private LineState state;

    public DatabaseProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public LineState State
    {
        get => state;
        set
        {
            Link[] cut = [];
            lock (gate)
            {
                state = value;
                if (value == LineState.Stalled && passable.Task.IsCompleted)
                    passable = new(TaskCreationOptions.RunContinuationsAsynchronously);
                else if (value != LineState.Stalled)
                    passable.TrySetResult();
                if (value == LineState.Refused)
                    cut = [.. links];
            }
            foreach (var link in cut)
                link.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        State = LineState.Refused;
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptSocketAsync(stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Owned by the link's sockets: ends when either side, or <see cref="State"/>, closes them.</summary>
    private async Task ServeAsync(Socket client)
    {
        var link = new Link(client, new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        lock (gate)
            links.Add(link);
        try
        {
            await passable.Task.WaitAsync(stop.Token);
            if (state == LineState.Refused)
                return;
            await link.Server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
            client.NoDelay = link.Server.NoDelay = true;
            await Task.WhenAny(PumpAsync(client, link.Server, answers: false), PumpAsync(link.Server, client, answers: true));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            lock (gate)
                links.Remove(link);
            link.Reset();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool answers)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, stop.Token) is > 0 and var count)
            {
                await passable.Task.WaitAsync(stop.Token);
                if (answers && state == LineState.Answerless)
                    return;
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), stop.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
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
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                }
                socket.Dispose();
            }
        }
    }
}
