using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Reminders.Lab.Telegram;

/// <summary>
/// The arguments of one call. As in the real server each is text, wherever it came from: a JSON number, object or null is
/// the text it was written as, so <c>null</c> means the four letters. The first of two equal names wins.
/// Values are slices of the request body where they can be: the send path is measured in tens of thousands a second.
/// </summary>
internal sealed class BotArguments
{
    private readonly List<(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value)> _all = new(6);

    public void Add(string name, string value) => _all.Add((Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value)));

    public ReadOnlySpan<byte> this[ReadOnlySpan<byte> name]
    {
        get
        {
            foreach (var (key, value) in _all)
            {
                if (key.Span.SequenceEqual(name))
                {
                    return value.Span;
                }
            }

            return default;
        }
    }

    public string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(this[name]);

    /// <summary>Reads the leading digits and gives 0 for anything else, as td::to_integer does.</summary>
    public long Long(ReadOnlySpan<byte> name) => Utf8Parser.TryParse(this[name], out long value, out _) ? value : 0;

    /// <summary>A value outside the range is pulled to its nearer end, not refused.</summary>
    public int Int(ReadOnlySpan<byte> name, int absent, int min, int max) =>
        this[name].IsEmpty ? absent : (int)Math.Clamp(Long(name), min, max);

    public bool Flag(ReadOnlySpan<byte> name)
    {
        var value = this[name];
        return Ascii.EqualsIgnoreCase(value, "true"u8) || Ascii.EqualsIgnoreCase(value, "yes"u8) || value.SequenceEqual("1"u8);
    }

    /// <summary>
    /// Takes the members of a JSON object. A body that breaks off or is no object is not refused: the real server keeps what
    /// it had read so far and then complains about what is missing.
    /// </summary>
    public void AddJson(byte[] body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 100 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Unescaped(ref reader, body);
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    _all.Add((name, Unescaped(ref reader, body)));
                    continue;
                }

                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                _all.Add((name, body.AsMemory(start, (int)reader.BytesConsumed - start)));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape that is no character. Both end the reading, as said above.
        }
    }

    private static ReadOnlyMemory<byte> Unescaped(ref Utf8JsonReader reader, byte[] body)
    {
        if (!reader.ValueIsEscaped)
        {
            return body.AsMemory((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        }

        var copy = new byte[reader.ValueSpan.Length];
        return copy.AsMemory(0, reader.CopyString(copy));
    }
}
