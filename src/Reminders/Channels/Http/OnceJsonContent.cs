using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reminders.Channels.Http;

/// <summary>
/// A JSON body that can be written to the wire once, and that knows whether the writing began.
/// <see cref="Started"/> is what divides "not sent" from "nobody knows": see README.md in this folder.
/// </summary>
internal sealed class OnceJsonContent : HttpContent, IBufferWriter<byte>
{
    private const int Fresh = 0,
        Writing = 1,
        Written = 2;

    // Letters of any alphabet stay themselves: a Cyrillic message is a third of its \uXXXX form. The body is read by a
    // JSON parser, never by a browser, so the default encoder's HTML precautions have nothing to protect.
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;
    private int _state = Fresh;

    private OnceJsonContent() => Headers.TryAddWithoutValidation("Content-Type", "application/json");

    /// <summary>True from the moment the handler asked for the body. Before it no request byte has left this process.</summary>
    public bool Started => Volatile.Read(ref _state) != Fresh;

    /// <summary>How long the exchange may take, when it is given up, and how much of the answer is read: for a handler that gets only the
    /// content.</summary>
    public (TimeSpan Limit, CancellationToken Stop, int MostReply) Terms { get; init; }

    /// <param name="type">How <paramref name="value"/> is written; the encoder is ours.</param>
    public static OnceJsonContent Of(
        object value,
        JsonTypeInfo type,
        TimeSpan limit = default,
        CancellationToken stop = default,
        int mostReply = HttpReply.MaxBytes
    )
    {
        var content = new OnceJsonContent { Terms = (limit, stop, mostReply) };
        var writer = _writer ??= new Utf8JsonWriter(content, WriterOptions);
        writer.Reset(content);
        try
        {
            JsonSerializer.Serialize(writer, value, type);
            writer.Flush();
            return content;
        }
        finally
        {
            writer.Reset(Stream.Null); // the thread keeps the writer, not the last message
        }
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Writing, Fresh) != Fresh)
        {
            throw new InvalidOperationException("This request was already written once; writing it again could deliver it twice.");
        }
        await stream.WriteAsync(_buffer.AsMemory(0, _length), cancellationToken);
        Volatile.Write(ref _state, Written);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        // A buffer whose write broke off is left to the collector: should a socket still hold it, handing it to the
        // pool would put another recipient's text on this wire.
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0 && Volatile.Read(ref _state) != Writing)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        base.Dispose(disposing);
    }
}
