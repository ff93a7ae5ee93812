using System.Net;
using System.Net.Sockets;

namespace Reminders.Tests.Channels.Wire;

/// <summary>
/// An address that refuses connections. The port stays bound, though nobody listens: a port that was only free a moment ago may
/// by now be another test's server, and would take the message.
/// </summary>
internal sealed class NobodyListening : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public NobodyListening() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}/");

    public void Dispose() => _socket.Dispose();
}
