using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <summary>
/// An inline keyboard, kept as the JSON it is answered with: two keyboards are the same exactly when their bytes are.
/// The errors are those of the real server, <c>Client::get_reply_markup</c>.
/// </summary>
internal sealed class Keyboard
{
    private const int MaxCallbackDataBytes = 64;

    private Keyboard(byte[] json, bool dataTooLong)
    {
        Json = json;
        DataTooLong = dataTooLong;
    }

    /// <summary><c>{"inline_keyboard":[[…]]}</c>, always spelled the same way.</summary>
    public byte[] Json { get; }

    /// <summary>Found here, but refused later than the rest: the real limit is checked by the servers behind the Bot API.</summary>
    public bool DataTooLong { get; }

    public static bool Same(Keyboard? a, Keyboard? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.Json.AsSpan().SequenceEqual(b.Json));

    /// <param name="json">The argument; empty is no keyboard.</param>
    /// <param name="inlineOnly">Edits cannot carry a reply keyboard.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, bool inlineOnly, out Keyboard? keyboard, out string error)
    {
        keyboard = null;
        error = "";
        if (json.IsEmpty)
        {
            return true;
        }

        try
        {
            error = Utf8.IsValid(json) ? Read(json, inlineOnly, out keyboard) : Unreadable;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            error = Unreadable;
        }

        return error.Length == 0;
    }

    public IReadOnlyList<SimulatedButton> ReadButtons()
    {
        using var document = JsonDocument.Parse(Json);
        List<SimulatedButton> buttons = [];
        foreach (var row in document.RootElement.GetProperty("inline_keyboard"u8).EnumerateArray())
        {
            foreach (var button in row.EnumerateArray())
            {
                var data = button.TryGetProperty("callback_data"u8, out var value) ? value.GetString() : null;
                buttons.Add(new SimulatedButton(button.GetProperty("text"u8).GetString()!, data));
            }
        }

        return buttons;
    }

    private const string Unreadable = "can't parse reply keyboard markup JSON object";

    private static string Read(ReadOnlySpan<byte> json, bool inlineOnly, out Keyboard? keyboard)
    {
        keyboard = null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return "object expected as reply markup";
        }

        var inline = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            inline |= reader.ValueTextEquals("inline_keyboard"u8);
            if (!reader.ValueTextEquals("inline_keyboard"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            var error = ReadRows(ref reader, out keyboard);
            if (error.Length > 0)
            {
                return error;
            }
        }

        return inline || !inlineOnly ? "" : "inline keyboard expected";
    }

    private static string ReadRows(ref Utf8JsonReader reader, out Keyboard? keyboard)
    {
        keyboard = null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return "field \"inline_keyboard\" must be of type Array";
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, SimulatorJson.WriterOptions);
        var (any, tooLong) = (false, false);
        writer.WriteStartObject();
        writer.WriteStartArray("inline_keyboard"u8);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return "field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays";
            }

            writer.WriteStartArray();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var error = ReadButton(ref reader, writer, ref tooLong);
                if (error.Length > 0)
                {
                    return "can't parse inline keyboard button: " + error;
                }

                any = true;
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();

        // An empty keyboard is none at all: the Message object then carries no reply_markup.
        keyboard = any ? new Keyboard(buffer.WrittenSpan.ToArray(), tooLong) : null;
        return "";
    }

    private static string ReadButton(ref Utf8JsonReader reader, Utf8JsonWriter writer, ref bool dataTooLong)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return "InlineKeyboardButton must be an Object";
        }

        ReadOnlySpan<byte> text = default,
            data = default,
            url = default;
        string? other = null;
        JsonElement otherValue = default;
        var hasText = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.ValueTextEquals("text"u8);
            var isData = reader.ValueTextEquals("callback_data"u8);
            var isUrl = reader.ValueTextEquals("url"u8);
            if (!isText && !isData && !isUrl)
            {
                other = reader.GetString();
                reader.Read();
                otherValue = JsonElement.ParseValue(ref reader);
                continue;
            }

            reader.Read();
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
            {
                return $"Field \"{(isText ? "text" : isData ? "callback_data" : "url")}\" must be of type String";
            }

            var value = Unescaped(ref reader);
            hasText |= isText;
            text = isText ? value : text;
            data = isData ? value : data;
            url = isUrl ? value : url;
        }

        if (!hasText)
        {
            return "Can't find field \"text\"";
        }

        if (url.IsEmpty && data.IsEmpty && other is null)
        {
            return "Text buttons are unallowed in the inline keyboard";
        }

        dataTooLong |= data.Length > MaxCallbackDataBytes;
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        if (!url.IsEmpty || !data.IsEmpty)
        {
            writer.WriteString(url.IsEmpty ? "callback_data"u8 : "url"u8, url.IsEmpty ? data : url);
        }
        else
        {
            writer.WritePropertyName(other!);
            otherValue.WriteTo(writer);
        }

        writer.WriteEndObject();
        return "";
    }

    private static ReadOnlySpan<byte> Unescaped(scoped ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        var copy = new byte[reader.ValueSpan.Length];
        return copy.AsSpan(0, reader.CopyString(copy));
    }
}
