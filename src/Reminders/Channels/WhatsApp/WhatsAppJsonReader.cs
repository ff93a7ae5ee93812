using System.Text.Json;

namespace Reminders.Channels.WhatsApp;

/// <summary>
/// Reads a message or a status from the inbox table. Tolerant: what is unknown or of another form is passed over, as Meta adds
/// fields at any time.
/// </summary>
internal static class WhatsAppJsonReader
{
    public static WhatsAppUpdate Read(JsonElement json)
    {
        if (Text(json, "id") is not { Length: > 0 } id)
        {
            return new WhatsAppUpdate.Refused("id", "should be a text that is not empty");
        }
        if (Text(json, "status") is { } kind)
        {
            return new WhatsAppUpdate.Status(id, kind, Text(json, "biz_opaque_callback_data"), kind == "failed" ? Error(json) : null);
        }
        if (Text(json, "from") is not { Length: > 0 } from)
        {
            return new WhatsAppUpdate.Refused("from", "should be a phone number");
        }
        string? repliesTo = Part(json, "context") is { } context ? Text(context, "id") : null;
        return PressedData(json) is { } data
            ? new WhatsAppUpdate.Press(from, data, repliesTo)
            : new WhatsAppUpdate.Message(from, Part(json, "text") is { } text ? Text(text, "body") : null);
    }

    public static JsonElement? Part(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement part) && part.ValueKind == JsonValueKind.Object ? part : null;

    public static string? Text(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out JsonElement part) || part.ValueKind != JsonValueKind.String)
        {
            return null;
        }
        try
        {
            return part.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair ("\ud83d"): valid JSON, but no text
        }
    }

    // A reply button of ours, or the quick reply of a template.
    private static string? PressedData(JsonElement json) =>
        Part(json, "interactive") is { } interactive && Part(interactive, "button_reply") is { } reply ? Text(reply, "id")
        : Part(json, "button") is { } button ? Text(button, "payload")
        : null;

    // Meta sends a list, and has never been seen to put two into it.
    private static GraphError? Error(JsonElement status)
    {
        if (!status.TryGetProperty("errors", out JsonElement errors) || errors.ValueKind != JsonValueKind.Array || errors.GetArrayLength() == 0
            || !errors[0].TryGetProperty("code", out JsonElement code) || code.ValueKind != JsonValueKind.Number || !code.TryGetInt32(out int number))
        {
            return null;
        }
        string? details = Part(errors[0], "error_data") is { } data ? Text(data, "details") : null;
        return new GraphError(number, Text(errors[0], "title") ?? Text(errors[0], "message"), ErrorData: new(details));
    }
}
