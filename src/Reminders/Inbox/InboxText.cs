using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Reminders.Planning;

namespace Reminders.Inbox;

/// <summary>
/// Writes an item's text when it is read, from the kind's template of today and the item's data of then. Items are kept
/// longer than kinds are declared: what cannot be written any more is named, and never stands in the way of the others.
/// </summary>
internal sealed partial class InboxText(KindCatalog kinds, ILogger<InboxText> logger)
{
    private readonly ConcurrentDictionary<string, bool> reported = new(StringComparer.Ordinal);

    public string Render(string kind, string subjectType, string subjectKey, string data, Reader reader)
    {
        if (kinds.Find(kind) is not { } declared)
            return Name(kind, subjectType, subjectKey);
        try
        {
            using var json = JsonDocument.Parse(data);
            return new KindTexts(declared, reader).Render("text", StartsAt(json.RootElement), json.RootElement);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or FormatException or UnknownZoneException)
        {
            if (reported.TryAdd(kind, true))
                LogUnwritable(kind, exception.Message);
            return Name(kind, subjectType, subjectKey);
        }
    }

    private static string Name(string kind, string subjectType, string subjectKey) => $"{kind}: {subjectType} {subjectKey}";

    private static DateTimeOffset? StartsAt(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty("starts_at", out var value) && value.TryGetDateTimeOffset(out var instant)
            ? instant
            : null;

    [LoggerMessage(5001, LogLevel.Warning, "Items of kind {Kind} are shown without their text: {Reason}")]
    private partial void LogUnwritable(string kind, string reason);
}
