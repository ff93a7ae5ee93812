using System.Text.Json;

namespace Reminders.WhatsApp;

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
        var from = json.Text("from") is { Length: > 0 } number ? number : null;
        var userId = json.Text("from_user_id") is { Length: > 0 and <= OutsideText.Id } user ? OutsideText.Clean(user) : null;
        var repliesTo = json.Part("context") is { } context ? context.Text("id") : null;
        if (PressedData(json) is { } data)
        {
            return new WhatsAppUpdate.Press(from, userId, data, repliesTo);
        }
        if (from is null && userId is null)
        {
            return new WhatsAppUpdate.Refused("from", "should be a phone number, or from_user_id a user's id");
        }
        return json.Text("type") == "system"
            ? Notice(from, json)
            : new WhatsAppUpdate.Message(from, userId, json.Part("text") is { } text ? text.Text("body") : null);
    }

    // Meta has spelt both the type and the field in two ways, by the version of the webhook.
    private static WhatsAppUpdate Notice(string? from, JsonElement json)
    {
        var type = json.Part("system") is { } system ? system.Text("type") : null;
        if (type is not ("user_changed_number" or "customer_changed_number"))
        {
            return new WhatsAppUpdate.Notice(type);
        }
        var to = json.Part("system") is { } changed ? changed.Text("wa_id") ?? changed.Text("new_wa_id") : null;
        return from is null || !IsNumber(from) || to is null || !IsNumber(to)
            ? new WhatsAppUpdate.Refused("system.wa_id", "should be the new phone number, and from the old one: 7 to 15 digits each")
            : new WhatsAppUpdate.NumberChanged(from, to);
    }

    private static bool IsNumber(string text) => text.Length is >= 7 and <= 15 && text.All(char.IsAsciiDigit) && text[0] != '0';

    // A reply button of ours, or the quick reply of a template.
    private static string? PressedData(JsonElement json) =>
        json.Part("interactive") is { } interactive && interactive.Part("button_reply") is { } reply ? reply.Text("id")
        : json.Part("button") is { } button ? button.Text("payload")
        : null;

    // Meta sends a list, and has never been seen to put two into it.
    private static GraphError? Error(JsonElement status)
    {
        if (
            !status.TryGetProperty("errors", out var errors)
            || errors.ValueKind != JsonValueKind.Array
            || errors.GetArrayLength() == 0
            || errors[0].ValueKind != JsonValueKind.Object
            || !errors[0].TryGetProperty("code", out var code)
            || code.ValueKind != JsonValueKind.Number
            || !code.TryGetInt32(out var number)
        )
        {
            return null;
        }
        var details = errors[0].Part("error_data") is { } data ? data.Text("details") : null;
        return new GraphError(number, errors[0].Text("title") ?? errors[0].Text("message"), ErrorData: new(details));
    }
}
