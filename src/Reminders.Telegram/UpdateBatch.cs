using System.Globalization;
using System.Text.Json;

namespace Reminders.Telegram;

/// <summary>An update as it came, to be stored before anybody tries to understand it.</summary>
internal sealed record RawUpdate(long UpdateId, string Json)
{
    public InboundUpdate ToInbound()
    {
        var storable = OutsideJson.Storable(Json);
        using var json = JsonDocument.Parse(storable);
        var update = (TelegramUpdate.Parse(json.RootElement) as ParsedUpdate.Read)?.Update;
        var sender = update?.Callback?.From.Id ?? update?.Message?.Chat.Id ?? update?.MyChatMember?.Chat.Id ?? 0;
        return new(
            UpdateId.ToString(CultureInfo.InvariantCulture),
            sender == 0 ? "" : sender.ToString(CultureInfo.InvariantCulture),
            storable,
            update is null ? "" : ContentOf(update)
        );
    }

    /// <summary>A press, a message or a change, whichever it is, by the id that Telegram never gives twice.</summary>
    private static string ContentOf(TelegramUpdate update) =>
        update switch
        {
            { Callback: { } press } => $"callback {press.Id}",
            { Message: { } message } => string.Create(CultureInfo.InvariantCulture, $"message {message.Chat.Id} {message.MessageId}"),
            { MyChatMember: { } change } => string.Create(
                CultureInfo.InvariantCulture,
                $"member {change.Chat.Id} {change.Date?.ToUnixTimeSeconds()} {change.Status}"
            ),
            _ => "",
        };
}

/// <summary>What one getUpdates brought.</summary>
/// <param name="Updates">In Telegram's order.</param>
/// <param name="Refused">Updates without a usable id, which cannot be stored; the others are not held up by them.</param>
internal sealed record UpdateBatch(IReadOnlyList<RawUpdate> Updates, IReadOnlyList<ParsedUpdate.Refused> Refused)
{
    /// <summary>The offset that confirms this batch; null when it is empty.</summary>
    public long? NextOffset => Updates.Count == 0 ? null : Updates.Max(update => update.UpdateId) + 1;

    public static UpdateBatch Of(IReadOnlyCollection<JsonElement> updates)
    {
        var raw = new List<RawUpdate>(updates.Count);
        var refused = new List<ParsedUpdate.Refused>();
        foreach (var update in updates)
        {
            if (TelegramUpdateParser.ReadUpdateId(update, out var id) is { } problem)
            {
                refused.Add(problem);
            }
            else
            {
                raw.Add(new RawUpdate(id, update.GetRawText()));
            }
        }
        return new UpdateBatch(raw, refused);
    }
}
