using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Reminders.Integration.Tests.Support;

/// <summary>
/// A way to PostgreSQL that passes everything on but, while it is deaf, no notification: what a pooler does that lends its
/// servers by the transaction. It reads the frames of the protocol, so a database without TLS is needed.
/// </summary>
internal sealed class DeafLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;
    private int _dropped;

    public DeafLine(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool IsDeaf { get; set; }

    public int Dropped => Volatile.Read(ref _dropped);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

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
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(server.GetStream(), _stop.Token),
                AnswerAsync(server.GetStream(), client.GetStream())
            );
        }
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        var head = new byte[5];
        while (await from.ReadAtLeastAsync(head.AsMemory(0, 1), 1, throwOnEndOfStream: false, _stop.Token) == 1)
        {
            // The answer to a request for TLS is one byte: no.
            if (head[0] == 'N' && !from.DataAvailable)
            {
                await to.WriteAsync(head.AsMemory(0, 1), _stop.Token);
                continue;
            }
            await from.ReadExactlyAsync(head.AsMemory(1, 4), _stop.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await from.ReadExactlyAsync(body, _stop.Token);
            if (head[0] == 'A' && IsDeaf)
            {
                Interlocked.Increment(ref _dropped);
                continue;
            }
            await to.WriteAsync((byte[])[.. head, .. body], _stop.Token);
        }
    }
}
