using MimeKit;
using MimeKit.IO;

namespace Reminders.Email;

/// <summary>
/// A body that is rendered once, whatever it is asked for (its size, its hash, itself), and that knows when its last byte is
/// handed over: in SMTP what comes next is the final dot.
/// </summary>
internal sealed class RenderedBody : MimePart
{
    private readonly byte[] _bytes;

    public RenderedBody(MimeEntity entity, FormatOptions format)
        : base(entity.ContentType.MediaType, entity.ContentType.MediaSubtype)
    {
        Headers.Clear();
        foreach (var header in entity.Headers)
        {
            Headers.Add(header.Clone());
        }
        using var rendered = new MemoryStream();
        entity.WriteTo(format, rendered, contentOnly: true);
        if (rendered.Length == 0 || rendered.GetBuffer()[rendered.Length - 1] != '\n')
        {
            rendered.Write("\r\n"u8);
        }
        _bytes = rendered.ToArray();
    }

    /// <summary>Called before it is written to a server.</summary>
    public Action? Writing { get; set; }

    /// <summary>Called when it has been written to a server.</summary>
    /// <remarks>Its argument is the connection under the filter that stuffs the dots; null when there is none that could be seen.</remarks>
    public Func<Stream?, CancellationToken, Task>? Written { get; set; }

    public override void WriteTo(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default) =>
        stream.Write(_bytes);

    public override async Task WriteToAsync(
        FormatOptions options,
        Stream stream,
        bool contentOnly,
        CancellationToken cancellationToken = default
    )
    {
        Writing?.Invoke();
        await stream.WriteAsync(_bytes, cancellationToken);
        if (Written is not null)
        {
            // The filter keeps its flush to itself, and what is under it would leave together with the dot.
            await stream.FlushAsync(cancellationToken);
            await Written((stream as FilteredStream)?.Source, cancellationToken);
        }
    }
}
