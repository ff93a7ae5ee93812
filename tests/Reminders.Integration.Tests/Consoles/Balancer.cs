using System.Net;
using System.Net.Sockets;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>What stands before several nodes and remembers nobody: each connection goes to the next node that takes it.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile IPEndPoint[] _nodes;
    private int _turn;

    public Balancer(params IEnumerable<Uri> nodes)
    {
        _nodes = Ports(nodes);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Which nodes there are from now on.</summary>
    public void Lead(params IEnumerable<Uri> nodes) => _nodes = Ports(nodes);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static IPEndPoint[] Ports(IEnumerable<Uri> nodes) => [.. nodes.Select(node => new IPEndPoint(IPAddress.Loopback, node.Port))];

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        using (var node = await ConnectAsync())
        {
            if (node is null)
            {
                return;
            }

            client.NoDelay = true;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var (here, there) = (client.GetStream(), node.GetStream());
            // Whichever side ends it: the other hears of it.
            await Task.WhenAny(here.CopyToAsync(there, over.Token), there.CopyToAsync(here, over.Token));
            await over.CancelAsync();
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        var nodes = _nodes;
        var first = Interlocked.Increment(ref _turn);
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = new TcpClient { NoDelay = true };
            try
            {
                await node.ConnectAsync(nodes[(int)((uint)(first + i) % nodes.Length)], _stop.Token);
                return node;
            }
            catch (SocketException)
            {
                node.Dispose();
            }
        }

        return null;
    }
}
