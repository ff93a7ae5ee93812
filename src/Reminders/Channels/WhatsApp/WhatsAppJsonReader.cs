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
        if (json.Text("id") is not { Length: > 0 } id)
        {
            return new WhatsAppUpdate.Refused("id", "should be a text that is not empty");
        }
        if (json.Text("status") is { } kind)
        {
            return new WhatsAppUpdate.Status(id, kind, json.Text("biz_opaque_callback_data"), kind == "failed" ? Error(json) : null);
        }
        if (json.Text("from") is not { Length: > 0 } from)
        {
            return new WhatsAppUpdate.Refused("from", "should be a phone number");
        }
        string? repliesTo = json.Part("context") is { } context ? context.Text("id") : null;
        return PressedData(json) is { } data
            ? new WhatsAppUpdate.Press(from, data, repliesTo)
            : new WhatsAppUpdate.Message(from, json.Part("text") is { } text ? text.Text("body") : null);
    }

    // A reply button of ours, or the quick reply of a template.
    private static string? PressedData(JsonElement json) =>
        json.Part("interactive") is { } interactive && interactive.Part("button_reply") is { } reply ? reply.Text("id")
        : json.Part("button") is { } button ? button.Text("payload")
        : null;

    // Meta sends a list, and has never been seen to put two into it.
    private static GraphError? Error(JsonElement status)
    {
        if (!status.TryGetProperty("errors", out JsonElement errors) || errors.ValueKind != JsonValueKind.Array || errors.GetArrayLength() == 0
            || errors[0].ValueKind != JsonValueKind.Object
            || !errors[0].TryGetProperty("code", out JsonElement code) || code.ValueKind != JsonValueKind.Number || !code.TryGetInt32(out int number))
        {
            return null;
        }
        string? details = errors[0].Part("error_data") is { } data ? data.Text("details") : null;
        return new GraphError(number, errors[0].Text("title") ?? errors[0].Text("message"), ErrorData: new(details));
    }
}
