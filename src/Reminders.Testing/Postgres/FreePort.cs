using System.Net;
using System.Net.Sockets;

namespace Reminders.Testing.Postgres;

internal static class FreePort
{
    /// <summary>The last port again when it can be had, so that a psql left open keeps working; otherwise any.</summary>
    public static int Choose(int? last) => last is { } port && IsFree(port) ? port : Any();

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int Any()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
