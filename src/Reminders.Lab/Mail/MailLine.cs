using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Reminders.Lab.Mail;

/// <summary>A line of the client.</summary>
/// <param name="Text">One char per byte, without its end.</param>
/// <param name="Bare">It ended in a line feed alone, which SMTP does not know.</param>
internal readonly record struct ClientLine(string Text, bool Bare);

/// <summary>The sink's end of one connection.</summary>
internal sealed class MailLine(TcpClient client) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Stream _stream = client.GetStream();
    private int _start;
    private int _end;

    public bool IsTls => _stream is SslStream;

    /// <summary>Whether the client has hung up, as far as it shows.</summary>
    public bool IsAbandoned => client.Client.Poll(0, SelectMode.SelectRead) && client.Client.Available == 0;

    public async Task StartTlsAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        // What was sent in the clear behind STARTTLS is not taken for something said in TLS (RFC 3207, 4.2).
        _start = _end;
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.None },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    public async Task WriteAsync(string text, CancellationToken cancellationToken) =>
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);

    /// <summary>The next line; null when the client has hung up.</summary>
    public async Task<ClientLine?> ReadAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = await _stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
                if (_end == 0)
                {
                    return null;
                }
            }

            var rest = _buffer.AsSpan(_start, _end - _start);
            var newline = rest.IndexOf((byte)'\n');
            var piece = newline < 0 ? rest : rest[..newline];
            line.Append(Encoding.Latin1.GetString(piece));
            _start += newline < 0 ? piece.Length : newline + 1;
            if (newline >= 0)
            {
                var bare = line.Length == 0 || line[^1] != '\r';
                return new ClientLine(bare ? line.ToString() : line.ToString(0, line.Length - 1), bare);
            }
        }
    }

    /// <summary>Closes with a reset instead of an end.</summary>
    public void Reset() => client.Client.Close(0);

    public void Dispose()
    {
        _stream.Dispose();
        client.Dispose();
    }
}
