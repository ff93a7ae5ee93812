using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Inbox;

/// <summary>What a person has in their inbox. Every statement begins with whose it is, and so does every index it uses.</summary>
internal sealed class InboxReader(CommandTransaction db, InboxText text)
{
    public async Task<InboxPage> ListAsync(long recipient, InboxFilter filter, InboxPlace place, CancellationToken cancellationToken)
    {
        var (statement, values) = InboxListStatement.For(recipient, filter, place);
        await using var list = db.Command(statement).With(values);
        await using var reader = await list.ExecuteReaderAsync(cancellationToken);
        var found = new List<InboxItem>(InboxPage.Size + 1);
        long count = 0,
            passed = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            (count, passed) = (reader.GetInt64(0), reader.GetInt64(1));
            if (!reader.IsDBNull(2))
            {
                found.Add(InboxItem.Read(reader, 2, text));
            }
        }
        return InboxPage.Of(count, place, passed > 0 || place.Skip > 0, found);
    }

    /// <summary>How many are unread, by kind.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountUnreadAsync(long recipient, CancellationToken cancellationToken)
    {
        await using var count = db.Command(CountUnread).With(recipient);
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            kinds.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return kinds;
    }

    // All it asks for stands in inbox_item_unread.
    internal const string CountUnread = """
        SELECT kind, count(*) FROM reminders.inbox_item WHERE recipient_id = $1 AND read_at IS NULL GROUP BY kind
        """;
}
