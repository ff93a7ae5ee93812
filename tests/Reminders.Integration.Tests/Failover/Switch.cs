using System.Net;
using System.Net.Sockets;

namespace Reminders.Integration.Tests.Failover;

/// <summary>One address that leads to a server, and after a fail-over to another: a virtual IP, or a name in DNS.</summary>
internal sealed class Switch : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private CancellationTokenSource _lines = new();
    private volatile int _target;

    public Switch(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts what goes through it. Whoever connects from now on reaches the target; 0 is nobody.</summary>
    public async Task ToAsync(int target)
    {
        _target = target;
        var cut = _lines;
        _lines = new();
        await cut.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ToAsync(0);
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _lines.Token);
        }
    }

    private async Task CarryAsync(TcpClient client, CancellationToken cut)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            if (_target == 0)
            {
                return;
            }

            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, cut);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), cut),
                    server.GetStream().CopyToAsync(client.GetStream(), cut)
                );
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
            {
                // Gone: so is the client's end.
            }
        }
    }
}
