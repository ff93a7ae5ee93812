using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Reminders.Channels.Email;

/// <summary>
/// The bytes of one connection, in the clear or in TLS. It can be left listening: then what the server says unasked, or that
/// it has hung up, is known before the next byte is written.
/// </summary>
internal sealed class SmtpWire : IDisposable
{
    // RFC 5321 allows 512 bytes a line; some servers are wordier. Nothing ends a reply but its server: a whole one has a bound too.
    private const int LongestLine = 8192;
    private const int LongestReply = 64 * 1024;
    private const int MostLines = 256;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream;
    private Task<int>? _reading;
    private int _start;
    private int _end;

    private SmtpWire(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>This end's address, as EHLO has it when a machine has no name the world knows.</summary>
    public string AddressLiteral => ((IPEndPoint)_socket.LocalEndPoint!).Address switch
    {
        { IsIPv4MappedToIPv6: true } mapped => $"[{mapped.MapToIPv4()}]",
        { AddressFamily: AddressFamily.InterNetworkV6 } v6 => $"[IPv6:{new IPAddress(v6.GetAddressBytes())}]",
        var v4 => $"[{v4}]",
    };

    /// <summary>Whether something has come that nobody has read: a word of the server, or the end.</summary>
    public bool HasSpoken
    {
        get
        {
            Listen();
            return _start < _end || _reading!.IsCompleted;
        }
    }

    public static async Task<SmtpWire> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken);
            return new SmtpWire(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <param name="fingerprint">The only certificate taken, by its SHA-256; empty leaves it to the machine's authorities.</param>
    public async Task StartTlsAsync(string host, string fingerprint, CancellationToken cancellationToken)
    {
        // What came in the clear behind the server's 220 would be read as if it had come through TLS (CVE-2011-0411).
        if (_start < _end)
        {
            throw new InvalidDataException("the server went on speaking in the clear");
        }
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                RemoteCertificateValidationCallback = fingerprint.Length == 0 ? null : (_, certificate, _, _) =>
                    certificate?.GetCertHashString(HashAlgorithmName.SHA256).Equals(fingerprint, StringComparison.OrdinalIgnoreCase) is true,
            }, cancellationToken);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _stream.WriteAsync(bytes, cancellationToken);

    public ValueTask WriteAsync(string commands, CancellationToken cancellationToken) => WriteAsync(Encoding.ASCII.GetBytes(commands), cancellationToken);

    /// <exception cref="EndOfStreamException">The server has hung up.</exception>
    /// <exception cref="InvalidDataException">It does not speak SMTP.</exception>
    public async Task<SmtpReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var code = 0;
        var length = 0;
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken);
            length += line.Length;
            if (length > LongestReply || lines.Count == MostLines)
            {
                throw new InvalidDataException($"a reply of more than {MostLines} lines or {LongestReply} bytes");
            }
            if (line.Length < 3 || line[0] is < '2' or > '5' || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || line.Length > 3 && line[3] is not (' ' or '-') || lines.Count > 0 && number != code)
            {
                throw new InvalidDataException($"no reply of SMTP: '{(line.Length > 100 ? line[..100] : line)}'");
            }
            code = number;
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(code, lines);
            }
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _ = _reading?.ContinueWith(static read => read.Exception, TaskScheduler.Default); // ends with it, and nobody is to hear of it
    }

    private void Listen()
    {
        if (_start == _end)
        {
            _reading ??= _stream.ReadAsync(_buffer).AsTask();
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
            {
                Listen();
                var count = await _reading!.WaitAsync(cancellationToken);
                _reading = null;
                (_start, _end) = (0, count);
                if (count == 0)
                {
                    throw new EndOfStreamException("the server closed the connection");
                }
            }
            var rest = _buffer.AsSpan(_start, _end - _start);
            var newline = rest.IndexOf((byte)'\n');
            foreach (var letter in newline < 0 ? rest : rest[..newline])
            {
                // What is shown to an operator later holds no control characters.
                if (letter != '\r')
                {
                    line.Append(letter is >= 0x20 and < 0x7f ? (char)letter : '?');
                }
            }
            _start += newline < 0 ? rest.Length : newline + 1;
            if (line.Length > LongestLine)
            {
                throw new InvalidDataException($"a line of more than {LongestLine} bytes");
            }
            if (newline >= 0)
            {
                return line.ToString();
            }
        }
    }
}
