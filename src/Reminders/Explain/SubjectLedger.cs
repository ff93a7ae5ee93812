using System.Data;
using Microsoft.EntityFrameworkCore;
using Reminders.Storage;

namespace Reminders.Explain;

/// <summary>A subject, and every row the ledger and the outbox hold about it.</summary>
internal sealed record LedgerRows(SubjectRow Subject, IReadOnlyList<OccurrenceRow> Occurrences);

/// <summary>Reads all that was ever recorded about a subject of the caller's, as of one instant; another's subject is none.</summary>
internal sealed class SubjectLedger(RemindersDb db, OwnedNames names)
{
    /// <returns>Null when there is none, or the caller sees several owners' and has none of their own: see <see cref="OwnedNames"/>.</returns>
    public async Task<LedgerRows?> ReadAsync(string type, string key, CancellationToken cancellationToken)
    {
        // Several statements, one snapshot: a message must not be seen settled whose attempt is not seen.
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var found = await names.SubjectAsync(type, key, cancellationToken);
        if (found.Id is not { } id)
            return null;
        var subject = await db.Subjects.AsNoTracking().SingleAsync(s => s.Id == id, cancellationToken);
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
