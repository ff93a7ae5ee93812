using System.Data;
using Microsoft.EntityFrameworkCore;
using Reminders.Storage;

namespace Reminders.Explain;

/// <summary>A subject, and every row the ledger and the outbox hold about it.</summary>
internal sealed record LedgerRows(SubjectRow Subject, IReadOnlyList<OccurrenceRow> Occurrences);

/// <summary>Reads all that was ever recorded about a subject, as of one instant.</summary>
internal sealed class SubjectLedger(RemindersDb db)
{
    public async Task<LedgerRows?> ReadAsync(string type, string key, CancellationToken cancellationToken)
    {
        // Several statements, one snapshot: a message must not be seen settled whose attempt is not seen.
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var subject = await db.Subjects.AsNoTracking().SingleOrDefaultAsync(s => s.Type == type && s.Key == key, cancellationToken);
        if (subject is null)
            return null;
        var occurrences = await db.Occurrences.AsNoTracking().AsSplitQuery()
            .Where(occurrence => occurrence.SubjectId == subject.Id)
            .Include(occurrence => occurrence.Recipient).ThenInclude(recipient => recipient.Addresses)
            .Include(occurrence => occurrence.Suppressions)
            .Include(occurrence => occurrence.InboxItem)
            .Include(occurrence => occurrence.Messages).ThenInclude(message => message.Attempts)
            .Include(occurrence => occurrence.Messages).ThenInclude(message => message.Presses)
            .Include(occurrence => occurrence.Messages).ThenInclude(message => message.OperatorActions)
            .OrderBy(occurrence => occurrence.Version).ThenBy(occurrence => occurrence.DueAt).ThenBy(occurrence => occurrence.Id)
            .ToListAsync(cancellationToken);
        return new(subject, occurrences);
    }
}
