using Microsoft.EntityFrameworkCore;
using Reminders.Commands;
using Reminders.Reads;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Web.Console.Reads;

/// <param name="Count">Above <see cref="Board.Most"/>: at least that many.</param>
/// <param name="Found">By what its messages are found: a code, or what was said.</param>
/// <param name="Reason">One of theirs.</param>
/// <param name="IsSame">Whether it is the same of all.</param>
internal sealed record Cause(string Found, long Count, string Reason, bool IsSame);

/// <summary>One message with all that happened to it.</summary>
internal sealed class MessageReader(RemindersDb db, CommandTransaction current)
{
    private const int Most = 100;

    public async Task<OutboxRow?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.SnapshotAsync(current, cancellationToken);
        return await One(db, id).SingleOrDefaultAsync(cancellationToken);
    }

    internal static IQueryable<OutboxRow> One(RemindersDb db, long id) =>
        db
            .Outbox.AsNoTracking()
            .AsSplitQuery()
            .Include(message => message.Occurrence)
                .ThenInclude(occurrence => occurrence.Subject)
            .Include(message => message.Occurrence)
                .ThenInclude(occurrence => occurrence.Recipient)
                    .ThenInclude(recipient => recipient.Addresses)
            // Whose they are is said once more: the database numbers the newest, and would number all that there are.
            .Include(message => message.Attempts.Where(one => one.MessageId == id).OrderByDescending(one => one.LeaseToken).Take(Most))
            .Include(message => message.Presses.Where(one => one.MessageId == id).OrderByDescending(one => one.Id).Take(Most))
            .Include(message => message.OperatorActions.Where(one => one.MessageId == id).OrderByDescending(one => one.Id).Take(Most))
            .Where(message => message.Id == id);

    /// <summary>Why messages died, the most frequent cause first.</summary>
    public async Task<IReadOnlyList<Cause>> CausesAsync(CancellationToken cancellationToken)
    {
        await using var read = current
            .Command(WebStatement.Named("Console/Reads/Sql/causes.sql"))
            .With(ReasonSearch.Codes, ReasonSearch.Forms);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var causes = new List<Cause>();
        while (await reader.ReadAsync(cancellationToken))
        {
            causes.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetBoolean(3)));
        }

        return causes;
    }

    /// <summary>The copies of one message, it included: the same occurrence, channel and operation.</summary>
    public async Task<IReadOnlyList<OutboxRow>> CopiesAsync(OutboxRow message, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.SnapshotAsync(current, cancellationToken);
        return await Copies(db, message.OccurrenceId).ToListAsync(cancellationToken);
    }

    internal static IQueryable<OutboxRow> Copies(RemindersDb db, long occurrence) =>
        db.Outbox.AsNoTracking().Where(other => other.OccurrenceId == occurrence).OrderBy(other => other.Id).Take(Most);
}
