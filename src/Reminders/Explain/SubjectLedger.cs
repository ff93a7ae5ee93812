using System.Data;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Inbox;
using Reminders.Reads;
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
        var found = await names.SubjectAsync(type, key, cancellationToken);
        if (found.Id is not { } id)
            return null;
        // Several statements, one snapshot: a message must not be seen settled whose attempt is not seen.
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
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
        foreach (var answer in await HandAnswersAsync(type, key, cancellationToken))
        {
            foreach (var asked in occurrences.Where(occurrence => occurrence.HasButtons && occurrence.Version == answer.Answer.Version))
                asked.HandAnswers.Add(answer);
        }
        return new(subject, occurrences);
    }

    private async Task<List<HandAnswerRow>> HandAnswersAsync(string type, string key, CancellationToken cancellationToken)
    {
        await using var find = db.Names.Command("SELECT at, actor, after::text, reason FROM reminders.audit WHERE about = $1 AND action = $2 ORDER BY id", (NpgsqlConnection)db.Database.GetDbConnection())
            .With($"{type} {key}", HandAnswers.Action);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var answers = new List<HandAnswerRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            answers.Add(new(
                reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1),
                JsonSerializer.Deserialize<HandAnswer>(reader.GetString(2), JsonSerializerOptions.Web)!, reader.IsDBNull(3) ? null : reader.GetString(3)));
        }
        return answers;
    }
}
