using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Reminders.Lab.Mail;

namespace Reminders.Lab.Tests.Mail;

/// <summary>A sink and a raw connection to it: no library in between, so that every byte is SMTP's.</summary>
internal sealed class MailClient : IAsyncDisposable
{
    public const string Mail =
        "Date: Sun, 01 Mar 2026 12:00:00 +0000\r\nFrom: a@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: Hello\r\n\r\nText\r\n";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient _tcp = new();
    private Stream _stream = Stream.Null;
    private StreamReader _reader = StreamReader.Null;

    private MailClient(MailSink sink) => Sink = sink;

    public MailSink Sink { get; }

    public static async Task<MailClient> StartAsync(
        MailSinkOptions? options = null,
        Action<MailFaultPlan>? faults = null,
        TimeProvider? time = null
    )
    {
        var client = new MailClient(await MailSink.StartAsync(options, time, TestContext.Current.CancellationToken));
        faults?.Invoke(client.Sink.Faults);
        await client._tcp.ConnectAsync("127.0.0.1", client.Sink.Port);
        client.Use(client._tcp.GetStream());
        return client;
    }

    /// <summary>Past the greeting and EHLO.</summary>
    public static async Task<MailClient> GreetedAsync(MailSinkOptions? options = null)
    {
        var client = await StartAsync(options);
        Assert.StartsWith("220 ", await client.ReadAsync());
        Assert.StartsWith("250-", await client.AskAsync("EHLO me"));
        return client;
    }

    public async Task<string> AskAsync(string command)
    {
        await WriteAsync($"{command}\r\n");
        return await ReadAsync();
    }

    public Task WriteAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>A whole reply, its lines joined by a line feed; empty when the connection has ended.</summary>
    public async Task<string> ReadAsync()
    {
        var lines = new List<string>();
        while (await _reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            lines.Add(line);
            if (line.Length < 4 || line[3] == ' ')
            {
                break;
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>Up to 354.</summary>
    public async Task OpenDataAsync(string to = "anna@example.org")
    {
        Assert.StartsWith("250 ", await AskAsync("MAIL FROM:<a@example.org>"));
        Assert.StartsWith("250 ", await AskAsync($"RCPT TO:<{to}>"));
        Assert.StartsWith("354 ", await AskAsync("DATA"));
    }

    public async Task<string> SendAsync(string mail = Mail, string to = "anna@example.org")
    {
        await OpenDataAsync(to);
        return await AskAsync($"{mail}.");
    }

    /// <summary>The client's half of a TLS handshake, trusting the sink's own certificate only.</summary>
    public async Task ChangeToTlsAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256) == Sink.CertificateSha256,
            }
        );
        Use(tls);
    }

    public async ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        await Sink.DisposeAsync();
    }

    private void Use(Stream stream)
    {
        _stream = stream;
        _reader = new StreamReader(stream, Encoding.Latin1);
    }
}
