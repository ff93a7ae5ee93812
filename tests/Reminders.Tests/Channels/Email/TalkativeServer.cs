using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Reminders.Tests.Channels.Email;

/// <summary>A mail server that says what it was told to at DATA, at the text's first line and at the dot, however much that is.</summary>
internal sealed class TalkativeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public TalkativeServer(string toData, string toDot = "250 ok", string? toText = null)
    {
        _listener.Start();
        _serving = ServeAsync(toData, toDot, toText);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool SawTheDot { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync(string toData, string toDot, string? toText)
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            await SayAsync("220 hello");
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var inText = false;
            while (await reader.ReadLineAsync() is { } line)
            {
                SawTheDot |= inText && line == ".";
                if (inText && toText is not null)
                {
                    await SayAsync(toText);
                    toText = null;
                }
                else if (!inText || line == ".")
                {
                    await SayAsync(
                        line == "." ? toDot
                        : line == "DATA" ? toData
                        : "250 ok"
                    );
                    inText = line == "DATA" || (inText && line != ".");
                }
            }

            Task SayAsync(string text) => stream.WriteAsync(Encoding.Latin1.GetBytes($"{text}\r\n")).AsTask();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException) { }
    }
}
