namespace Reminders.Inbox;

/// <summary>
/// A page and the count of all that match, in one statement and so of one instant. A condition that is not asked for is not
/// in the text: a plan for "any kind, or this one" could use the index of neither.
/// </summary>
internal static class InboxListStatement
{
    /// <summary>Takes recipient, cursor, limit, offset, then the kind and the ticket if they are asked for.</summary>
    public static string For(InboxFilter filter, bool backwards)
    {
        var match = Match(filter);
        var (beyond, passed, order) = backwards ? ("i.seq > $2", "i.seq <= $2", "") : ("i.seq < $2", "i.seq >= $2", " DESC");
        return $"""
            SELECT c.matching, c.passed, p.*
            FROM (SELECT count(*) AS matching, count(*) FILTER (WHERE {passed}) AS passed
                  FROM reminders.inbox_item i WHERE {match}) c
            LEFT JOIN (
                SELECT {InboxItem.Columns}
                FROM reminders.inbox_item i JOIN reminders.recipient r ON r.id = i.recipient_id
                WHERE {match} AND {beyond}
                ORDER BY i.seq{order} LIMIT $3 OFFSET $4) p ON true
            ORDER BY p.seq DESC
            """;
    }

    private static string Match(InboxFilter filter)
    {
        var match = "i.recipient_id = $1";
        if (filter.IsRead is { } read)
            match += read ? " AND i.read_at IS NOT NULL" : " AND i.read_at IS NULL";
        if (filter.Kind is not null)
            match += " AND i.kind = $5";
        if (filter.Ticket is not null)
            match += $" AND i.subject_type = 'ticket' AND i.subject_key = ${(filter.Kind is null ? 5 : 6)}";
        return match;
    }
}
