namespace Reminders.Inbox;

/// <summary>
/// A page and the count of all that match, in one statement and so of one instant. A condition that is not asked for is not
/// in the text: a plan for "any kind, or this one" could use the index of neither. And the limit is, since a plan for any
/// limit would rather sort an inbox than walk its index.
/// </summary>
internal static class InboxListStatement
{
    /// <summary>The statement and its parameters, in order.</summary>
    public static (string Text, object[] Values) For(long recipient, InboxFilter filter, InboxPlace place)
    {
        List<object> values = [recipient, place.Cursor];
        string Parameter(object value)
        {
            values.Add(value);
            return $"${values.Count}";
        }
        var match = "i.recipient_id = $1";
        if (filter.IsRead is { } read)
        {
            match += read ? " AND i.read_at IS NOT NULL" : " AND i.read_at IS NULL";
        }

        if (filter.Kind is { } kind)
        {
            match += $" AND i.kind = {Parameter(kind)}";
        }

        if (filter.Ticket is { } ticket)
        {
            match += $" AND i.subject_type = 'ticket' AND i.subject_key = {Parameter(ticket)}";
        }

        var skip = place.Skip > 0 ? $" OFFSET {Parameter(place.Skip)}" : "";
        var (beyond, passed, order) = place.Backwards ? ("i.seq > $2", "i.seq <= $2", "") : ("i.seq < $2", "i.seq >= $2", " DESC");
        return (
            $"""
            SELECT c.matching, c.passed, p.*
            FROM (SELECT count(*) AS matching, count(*) FILTER (WHERE {passed}) AS passed
                  FROM reminders.inbox_item i WHERE {match}) c
            LEFT JOIN (
                SELECT {InboxItem.Columns}
                FROM reminders.inbox_item i JOIN reminders.recipient r ON r.id = i.recipient_id
                WHERE {match} AND {beyond}
                ORDER BY i.seq{order} LIMIT {InboxPage.Size + 1}{skip}) p ON true
            ORDER BY p.seq DESC
            """,
            [.. values]
        );
    }
}
