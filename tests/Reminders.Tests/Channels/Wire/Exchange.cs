using System.Net.Sockets;
using System.Text;

namespace Reminders.Tests.Channels.Wire;

/// <summary>A whole request, and the ways a server can treat it.</summary>
/// <param name="Connection">Which connection of the server it came on, from 0.</param>
/// <param name="Number">Which request of that connection it is, from 0.</param>
internal sealed record Exchange(TcpClient Client, ReceivedRequest Request, int Connection, int Number, CancellationToken Closing)
{
    public Task ReplyAsync(int status, string body, string contentType = "application/json", string headers = "") =>
        RawAsync(
            $"HTTP/1.1 {status} X\r\nContent-Type: {contentType}\r\nContent-Length: "
                + $"{Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}"
        );

    /// <summary>A reply that promises more than it sends before the connection closes.</summary>
    public async Task HalfReplyAsync(string body)
    {
        await RawAsync(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body[..(body.Length / 2)]}"
        );
        Cut();
    }

    public async Task RawAsync(string bytes) => await Client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(bytes), Closing);

    /// <summary>Closes in order (FIN) without an answer.</summary>
    public void Cut() => Client.Close();

    /// <summary>Closes with a reset (RST) without an answer.</summary>
    public void Reset()
    {
        Client.LingerState = new LingerOption(true, 0);
        Client.Close();
    }

    /// <summary>Keeps the connection open and says nothing.</summary>
    public Task StaySilentAsync() => Task.Delay(Timeout.Infinite, Closing);
}
