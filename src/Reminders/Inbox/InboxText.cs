using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Zones;

namespace Reminders.Inbox;

/// <summary>
/// Writes an item's text when it is read, from the kind's template of today and the item's data of then. Items are kept
/// longer than kinds are declared: what cannot be written any more is named, and never stands in the way of the others.
/// </summary>
internal sealed partial class InboxText(KindCatalog kinds, ILogger<InboxText> logger)
{
    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    public string Render(string kind, string subjectType, string subjectKey, string data, Reader reader)
    {
        if (kinds.Find(kind) is not { } declared)
        {
            return Name(kind, subjectType, subjectKey);
        }

        try
        {
            using var json = JsonDocument.Parse(data);
            return Text(declared, json.RootElement, reader);
        }
        // Whatever it is (a date that the reader's calendar does not have, a value that is none): it is this item's
        // trouble, and a page or a feed that failed with it would keep all the others from their reader.
        catch (Exception exception)
        {
            if (_reported.TryAdd(kind, true))
            {
                LogUnwritable(kind, OutsideText.Clean(exception.Message));
            }

            return $"{Name(kind, subjectType, subjectKey)} (its text cannot be shown)";
        }
    }

    /// <summary>On the reader's clock, or where this node does not know their zone on everybody's, and saying so.</summary>
    private static string Text(KindDefinition kind, JsonElement data, Reader reader)
    {
        try
        {
            return new KindTexts(kind, reader).Render("text", StartsAt(data), data);
        }
        catch (UnknownZoneException) when (reader.Zone != "UTC")
        {
            return Text(kind, data, reader with { Zone = "UTC" });
        }
    }

    private static string Name(string kind, string subjectType, string subjectKey) => $"{kind}: {subjectType} {subjectKey}";

    private static DateTimeOffset? StartsAt(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object
        && data.TryGetProperty("starts_at", out var value)
        && value.TryGetDateTimeOffset(out var instant)
            ? instant
            : null;

    [LoggerMessage(5001, LogLevel.Warning, "Items of kind {Kind} are shown without their text: {Reason}")]
    private partial void LogUnwritable(string kind, string reason);
}
