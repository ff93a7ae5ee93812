using System.Net;
using System.Net.Sockets;

namespace Reminders.Integration.Tests.Samples;

/// <summary>One address before several nodes, as a load balancer is: it leads to whichever it is told, and can be cut.</summary>
internal sealed class SwitchedLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly HashSet<TcpClient> _open = [];
    private readonly Task _accepting;
    private int? _target;

    public SwitchedLine(Uri node)
    {
        _target = node.Port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Ends whatever goes over it, without a word. Until it leads somewhere again, nobody answers.</summary>
    public void Cut()
    {
        TcpClient[] open;
        lock (_gate)
        {
            _target = null;
            open = [.. _open];
        }

        foreach (var client in open)
        {
            client.Client.Close(0);
        }
    }

    public void LeadTo(Uri node)
    {
        lock (_gate)
        {
            _target = node.Port;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = CarryAsync(await _listener.AcceptTcpClientAsync());
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            int? target;
            lock (_gate)
            {
                target = _target;
                if (target is null || !_open.Add(client))
                {
                    return;
                }
            }

            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target.Value);
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception exception) when (exception is SocketException or IOException or InvalidOperationException)
            {
                // Nobody there, or cut.
            }

            lock (_gate)
            {
                _open.Remove(client);
            }
        }
    }
}
