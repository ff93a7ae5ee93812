using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Reminders.Inbox;

namespace Reminders.Web.Inbox;

/// <summary>A notification as apps get it, in a list and over the live connection alike.</summary>
/// <param name="Ticket">The ticket it is about: its id, or with <c>Inbox:WholeTicket</c> an object; null when it is about something
/// else.</param>
/// <param name="Cursor">Its number among the person's notifications; give the greatest you have to the live connection.</param>
internal sealed record NotificationView(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("notification_type")] string NotificationType,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("ticket")] JsonNode? Ticket,
    [property: JsonPropertyName("subject_type")] string SubjectType,
    [property: JsonPropertyName("subject_key")] string SubjectKey,
    [property: JsonPropertyName("is_read")] bool IsRead,
    [property: JsonPropertyName("read_at")] DateTimeOffset? ReadAt,
    [property: JsonPropertyName("cursor")] long Cursor,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp
)
{
    public static NotificationView Of(InboxItem item, InboxOptions options) =>
        new(
            item.Id,
            item.Kind,
            item.Message,
            item.SubjectType == "ticket" ? TicketOf(item, options) : null,
            item.SubjectType,
            item.SubjectKey,
            item.ReadAt is not null,
            item.ReadAt,
            item.Cursor,
            item.CreatedAt
        );

    private static JsonNode TicketOf(InboxItem item, InboxOptions options)
    {
        if (!options.WholeTicket)
        {
            return item.SubjectKey;
        }

        // Its id is ours, whatever a kind calls its data.
        var ticket = new JsonObject { ["id"] = item.SubjectKey };
        foreach (var (name, value) in JsonNode.Parse(item.Data) as JsonObject ?? [])
        {
            ticket.TryAdd(name, value?.DeepClone());
        }

        return ticket;
    }
}

/// <summary>As Django REST framework shapes a page.</summary>
/// <param name="Next">The address of the page with older ones; null on the last.</param>
/// <param name="Previous">The address of the page with newer ones; null on the first.</param>
internal sealed record NotificationPage(
    [property: JsonPropertyName("count")] long Count,
    [property: JsonPropertyName("next")] string? Next,
    [property: JsonPropertyName("previous")] string? Previous,
    [property: JsonPropertyName("results")] IReadOnlyList<NotificationView> Results
);

internal sealed record UnreadCount(
    [property: JsonPropertyName("total")] long Total,
    [property: JsonPropertyName("by_type")] IReadOnlyDictionary<string, long> ByType
);

/// <param name="Count">How many were unread.</param>
internal sealed record MarkedCount([property: JsonPropertyName("count")] int Count);
