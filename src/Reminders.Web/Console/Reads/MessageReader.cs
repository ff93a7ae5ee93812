using Microsoft.EntityFrameworkCore;
using Reminders.Commands;
using Reminders.Reads;

namespace Reminders.Web.Console.Reads;

/// <summary>One message with all that happened to it.</summary>
internal sealed class MessageReader(RemindersDb db, CommandTransaction current)
{
    private const int Most = 100;

    public async Task<OutboxRow?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.SnapshotAsync(current, cancellationToken);
        return await db
            .Outbox.AsNoTracking()
            .AsSplitQuery()
            .Include(message => message.Occurrence)
                .ThenInclude(occurrence => occurrence.Subject)
            .Include(message => message.Occurrence)
                .ThenInclude(occurrence => occurrence.Recipient)
                    .ThenInclude(recipient => recipient.Addresses)
            .Include(message => message.Attempts.OrderByDescending(attempt => attempt.LeaseToken).Take(Most))
            .Include(message => message.Presses.OrderByDescending(press => press.Id).Take(Most))
            .Include(message => message.OperatorActions.OrderByDescending(action => action.Id).Take(Most))
            .SingleOrDefaultAsync(message => message.Id == id, cancellationToken);
    }

    /// <summary>The copies of one message, it included: the same occurrence, channel and operation.</summary>
    public async Task<IReadOnlyList<OutboxRow>> CopiesAsync(OutboxRow message, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.SnapshotAsync(current, cancellationToken);
        return await db
            .Outbox.AsNoTracking()
            .Where(other => other.OccurrenceId == message.OccurrenceId)
            .OrderBy(other => other.Id)
            .Take(Most)
            .ToListAsync(cancellationToken);
    }
}
