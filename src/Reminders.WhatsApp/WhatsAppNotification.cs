using System.Text.Json;

namespace Reminders.WhatsApp;

/// <summary>
/// What one POST to the webhook brought: each message and each status by itself, since Meta puts several into one body and
/// repeats them in other company.
/// </summary>
/// <param name="Refused">Those without a usable id, which cannot be stored; the others are not held up by them.</param>
internal sealed record WhatsAppNotification(IReadOnlyList<InboundUpdate> Updates, IReadOnlyList<WhatsAppUpdate.Refused> Refused)
{
    private const int MaxIdLength = 180;

    /// <param name="phoneNumberId">Ours: an app may have other numbers, and their webhooks come to the same place.</param>
    public static WhatsAppNotification Of(JsonElement body, string phoneNumberId)
    {
        var updates = new List<InboundUpdate>();
        var refused = new List<WhatsAppUpdate.Refused>();
        foreach (var change in Items(body, "entry").SelectMany(entry => Items(entry, "changes")))
        {
            if (
                change.Part("value") is not { } value
                || value.Part("metadata") is { } metadata && metadata.Text("phone_number_id") is { } number && number != phoneNumberId
            )
            {
                continue;
            }
            foreach (var message in Items(value, "messages"))
            {
                Add("messages", message, "", Sender(message, "from", "from_user_id"));
            }
            foreach (var status in Items(value, "statuses"))
            {
                // One message has several statuses, each of which may come again.
                Add("statuses", status, ":" + status.Text("status"), Sender(status, "recipient_id", "recipient_user_id"));
            }
        }
        return new(updates, refused);

        void Add(string list, JsonElement item, string suffix, string? sender)
        {
            if (
                item.Text("id")?.Trim() is not { Length: > 0 and <= MaxIdLength } id
                || id.Length + suffix.Length > MaxIdLength
                || HasControl(id)
                || HasControl(suffix)
                || HasControl(sender)
            )
            {
                refused.Add(
                    new(
                        $"{list}.id",
                        $"should be a text of 1 to {MaxIdLength} characters, without control characters in it, the status or the number"
                    )
                );
            }
            else if (suffix == ":")
            {
                refused.Add(new($"{list}.status", "should be a text that is not empty"));
            }
            else
            {
                // Whom nobody names takes turns with nobody: in one queue, a stranger's failing update would hold up all such.
                updates.Add(new(id + suffix, sender ?? id, item.GetRawText()));
            }
        }
    }

    // People with a username may come without their number.
    private static string? Sender(JsonElement item, string number, string userId) =>
        item.Text(number) is { Length: > 0 } known ? known
        : item.Text(userId) is { Length: > 0 and <= OutsideText.Id } user ? user
        : null;

    // U+0000 is a text to JSON and none to PostgreSQL: Meta would repeat it for days. U+FFFD stands where something was that is no text.
    private static bool HasControl(string? text) => text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.AsSpan().Contains('\ufffd');

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : [];
}
