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
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int target;
    private readonly Task accepting;
    private int dropped;

    public DeafLine(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public bool IsDeaf { get; set; }

    public int Dropped => Volatile.Read(ref dropped);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
            _ = CarryAsync(await listener.AcceptTcpClientAsync(stop.Token));
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), stop.Token), AnswerAsync(server.GetStream(), client.GetStream()));
        }
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        var head = new byte[5];
        while (await from.ReadAtLeastAsync(head.AsMemory(0, 1), 1, throwOnEndOfStream: false, stop.Token) == 1)
        {
            // The answer to a request for TLS is one byte: no.
            if (head[0] == 'N' && !from.DataAvailable)
            {
                await to.WriteAsync(head.AsMemory(0, 1), stop.Token);
                continue;
            }
            await from.ReadExactlyAsync(head.AsMemory(1, 4), stop.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await from.ReadExactlyAsync(body, stop.Token);
            if (head[0] == 'A' && IsDeaf)
            {
                Interlocked.Increment(ref dropped);
                continue;
            }
            await to.WriteAsync((byte[])[.. head, .. body], stop.Token);
        }
    }
}
