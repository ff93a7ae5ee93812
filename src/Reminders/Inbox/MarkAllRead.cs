using MediatR;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Inbox;

/// <summary>A person has read everything there is. The answer is how many that were: of two at once, each is counted once.</summary>
internal sealed record MarkAllRead(long RecipientId) : ICommand<int>;

internal sealed class MarkAllReadHandler(CommandTransaction db) : IRequestHandler<MarkAllRead, int>
{
    public async Task<int> Handle(MarkAllRead request, CancellationToken cancellationToken)
    {
        await using var mark = db.Command(Mark).With(request.RecipientId);
        return await mark.ExecuteNonQueryAsync(cancellationToken);
    }

    // Locked in one order, so that two of these wait for each other and never deadlock; the second then finds, row by row,
    // that they are read.
    internal const string Mark = """
        WITH unread AS MATERIALIZED (
            SELECT id FROM reminders.inbox_item WHERE recipient_id = $1 AND read_at IS NULL ORDER BY seq FOR NO KEY UPDATE)
        UPDATE reminders.inbox_item i SET read_at = clock_timestamp() FROM unread WHERE i.id = unread.id
        """;
}
