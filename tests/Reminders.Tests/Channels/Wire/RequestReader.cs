using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Reminders.Tests.Channels.Wire;

/// <param name="Head">The request line and the headers, as they were on the wire.</param>
internal sealed record ReceivedRequest(string Head, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Path => Head.Split(' ')[1];
}

/// <summary>Reads whole requests off one connection.</summary>
internal sealed class RequestReader(NetworkStream stream)
{
    private const byte TlsHandshake = 0x16;
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    /// <summary>Null when the client hung up, or spoke TLS: that is answered in plain HTTP, as nginx does.</summary>
    public async Task<ReceivedRequest?> ReadAsync(CancellationToken cancellationToken)
    {
        int headEnd;
        while ((headEnd = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
            if (_buffer[0] == TlsHandshake)
            {
                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
                return null;
            }
        }
        var head = Encoding.ASCII.GetString(_buffer, 0, headEnd);
        var end = headEnd + 4 + ContentLength(head);
        while (_length < end)
        {
            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
        }
        var body = Encoding.UTF8.GetString(_buffer, headEnd + 4, end - headEnd - 4);
        _buffer.AsSpan(end, _length - end).CopyTo(_buffer);
        _length -= end;
        return new ReceivedRequest(head, body);
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        var read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
        _length += read;
        return read > 0;
    }

    private static int ContentLength(string head)
    {
        const string name = "\r\nContent-Length:";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : int.Parse(head[(at + name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }
}
