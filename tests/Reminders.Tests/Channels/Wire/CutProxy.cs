using System.Net;
using System.Net.Sockets;

namespace Reminders.Tests.Channels.Wire;

/// <summary>Passes bytes on between a client and a server, and cuts the connection after so many of them.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;
    private int _sent;
    private int _answered;

    public CutProxy(int serverPort, int mostSent = int.MaxValue, int mostAnswered = int.MaxValue)
    {
        _listener.Start();
        _serving = ServeAsync(serverPort, mostSent, mostAnswered);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What the client has sent so far, in bytes.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>What the server has answered so far, in bytes.</summary>
    public int Answered => Volatile.Read(ref _answered);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync(int serverPort, int mostSent, int mostAnswered)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var server = new TcpClient { NoDelay = true };
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, serverPort);
                await Task.WhenAny(
                    PumpAsync(client, server, mostSent, count => Interlocked.Add(ref _sent, count)),
                    PumpAsync(server, client, mostAnswered, count => Interlocked.Add(ref _answered, count))
                );
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException) { }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to, int most, Action<int> passed)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            var left = most;
            while (left > 0)
            {
                var count = await from.GetStream().ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, left)));
                if (count == 0)
                {
                    return;
                }
                // Counted first: whoever gets it may ask for the count at once.
                passed(count);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
                left -= count;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException) { }
    }
}
