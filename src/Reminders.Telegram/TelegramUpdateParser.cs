using System.Text.Json;

namespace Reminders.Telegram;

/// <summary>An update was read, or was refused for a field without which nothing can be done with it.</summary>
internal abstract record ParsedUpdate
{
    private ParsedUpdate() { }

    public sealed record Read(TelegramUpdate Update) : ParsedUpdate;

    /// <param name="Field">The field's path, for example <c>callback_query.id</c>.</param>
    public sealed record Refused(string Field, string Problem) : ParsedUpdate
    {
        public override string ToString() => $"{Field} {Problem}";
    }
}

/// <summary>
/// Reads an update from the webhook, from getUpdates or from the inbox table. Tolerant: what is unknown or of another form is
/// passed over, as Telegram adds fields at any time. Only the ids that identify an update or a press are insisted on.
/// </summary>
internal static class TelegramUpdateParser
{
    public static ParsedUpdate Parse(JsonElement json)
    {
        if (ReadUpdateId(json, out var updateId) is { } refused)
        {
            return refused;
        }
        TelegramCallback? callback = null;
        if (json.Part("callback_query") is { } press)
        {
            if (press.Text("id") is not { Length: > 0 } id)
            {
                return new ParsedUpdate.Refused("callback_query.id", "should be a text that is not empty");
            }
            if (User(press) is not { } from)
            {
                return new ParsedUpdate.Refused("callback_query.from.id", "should be a whole number");
            }
            callback = new TelegramCallback(id, from, Message(press), press.Text("chat_instance"), press.Text("data"));
        }
        return new ParsedUpdate.Read(new TelegramUpdate(updateId, Message(json), callback, Membership(json)));
    }

    /// <summary>Null when the id is there. Telegram's ids are positive, so a 0 is a default somebody forgot to fill.</summary>
    public static ParsedUpdate.Refused? ReadUpdateId(JsonElement json, out long updateId)
    {
        updateId = 0;
        if (json.ValueKind != JsonValueKind.Object)
        {
            return new ParsedUpdate.Refused("update_id", $"is missing: the update is a JSON {json.ValueKind}, it should be an object");
        }
        if (!json.TryGetProperty("update_id", out var id))
        {
            return new ParsedUpdate.Refused("update_id", "is missing");
        }
        if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out updateId) || updateId <= 0)
        {
            var found = id.GetRawText();
            return new ParsedUpdate.Refused(
                "update_id",
                $"is {(found.Length > 40 ? found[..40] + "…" : found)}; it should be a positive whole number"
            );
        }
        return null;
    }

    private static TelegramMessage? Message(JsonElement parent) =>
        parent.Part("message") is { } message && Number(message, "message_id") is { } id && Chat(message) is { } chat
            ? new TelegramMessage(id, User(message), chat, Instant(message), message.Text("text"))
            : null;

    private static TelegramMembership? Membership(JsonElement json) =>
        json.Part("my_chat_member") is { } change
        && Chat(change) is { } chat
        && User(change) is { } from
        && change.Part("new_chat_member") is { } member
        && member.Text("status") is { } status
            ? new TelegramMembership(chat, from, status, Instant(change))
            : null;

    private static TelegramUser? User(JsonElement parent) =>
        parent.Part("from") is { } user && Number(user, "id") is { } id
            ? new TelegramUser(id, user.Text("username"), user.Text("first_name"), user.Text("language_code"))
            : null;

    private static TelegramChat? Chat(JsonElement parent) =>
        parent.Part("chat") is { } chat && Number(chat, "id") is { } id ? new TelegramChat(id, chat.Text("type")) : null;

    private static DateTimeOffset? Instant(JsonElement message) =>
        Number(message, "date") is > 0 and <= int.MaxValue and { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static long? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Number && part.TryGetInt64(out var number)
            ? number
            : null;
}
