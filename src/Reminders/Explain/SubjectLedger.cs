using System.Data;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Reads;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Explain;

/// <summary>A subject, and a page of the rows that the ledger and the outbox hold about it.</summary>
/// <param name="Others">Occurrences of other pages that these name as what decided them; without their messages.</param>
/// <param name="Next">The last of the page, where more follow; else null.</param>
/// <param name="More">How many occurrences follow.</param>
internal sealed record LedgerRows(
    SubjectRow Subject,
    IReadOnlyList<OccurrenceRow> Occurrences,
    IReadOnlyList<OccurrenceRow> Others,
    Surroundings Around,
    long? Next,
    int More
);

/// <summary>Reads what was ever recorded about a subject of the caller's, as of one instant; another's subject is none.</summary>
internal sealed class SubjectLedger(RemindersDb db, CommandTransaction current, OwnedNames names, SurroundingsReader surroundings)
{
    /// <summary>Occurrences in one answer: a group of 10,000 would be a story of 100 MB.</summary>
    public const int Page = 100;

    /// <summary>Of one occurrence the newest messages, and of each the newest attempts, presses and operator's actions.</summary>
    public const int Most = 100;

    /// <returns>Null when there is none, or the caller sees several owners' and has none of their own: see
    /// <see cref="OwnedNames"/>.</returns>
    /// <param name="after">The last occurrence of the page before; one that is not there is as none.</param>
    public async Task<LedgerRows?> ReadAsync(string type, string key, long? after, CancellationToken cancellationToken)
    {
        var found = await names.SubjectAsync(type, key, cancellationToken);
        if (found.Id is not { } id)
        {
            return null;
        }
        // Several statements, one snapshot: a message must not be seen settled whose attempt is not seen.
        await using var snapshot = await db.SnapshotAsync(current, cancellationToken);
        var subject = await db.Subjects.AsNoTracking().SingleAsync(s => s.Id == id, cancellationToken);
        var here = db.Occurrences.AsNoTracking().Where(occurrence => occurrence.SubjectId == subject.Id);
        var rest =
            after is { } last && await here.SingleOrDefaultAsync(occurrence => occurrence.Id == last, cancellationToken) is { } from
                ? here.Where(o =>
                    o.Version > from.Version
                    || o.Version == from.Version && (o.DueAt > from.DueAt || o.DueAt == from.DueAt && o.Id > from.Id)
                )
                : here;
        var occurrences = await rest.AsSplitQuery()
            .Include(occurrence => occurrence.Recipient)
                .ThenInclude(recipient => recipient.Addresses)
            .Include(occurrence => occurrence.Suppressions)
            .Include(occurrence => occurrence.InboxItem)
            .OrderBy(occurrence => occurrence.Version)
            .ThenBy(occurrence => occurrence.DueAt)
            .ThenBy(occurrence => occurrence.Id)
            .Take(Page)
            .ToListAsync(cancellationToken);
        await MessagesAsync(occurrences, cancellationToken);
        var more = occurrences.Count < Page ? 0 : await rest.CountAsync(cancellationToken) - Page;
        foreach (var answer in await HandAnswersAsync(type, key, cancellationToken))
        {
            foreach (var asked in occurrences.Where(occurrence => occurrence.HasButtons && occurrence.Version == answer.Answer.Version))
            {
                asked.HandAnswers.Add(answer);
            }
        }
        var around = await surroundings.ReadAsync(occurrences, cancellationToken);
        return new(
            subject,
            occurrences,
            await OthersAsync(here, occurrences, cancellationToken),
            around,
            more > 0 ? occurrences[^1].Id : null,
            more
        );
    }

    /// <summary>
    /// What the page's occurrences sent. Whose they are stands in each condition: the newest of each are numbered by the database, which
    /// would number all that there are.
    /// </summary>
    private async Task MessagesAsync(List<OccurrenceRow> page, CancellationToken cancellationToken)
    {
        var ids = page.Select(row => row.Id).ToArray();
        var numbers = (
            await db
                .Occurrences.Where(row => ids.Contains(row.Id))
                .Select(row =>
                    row.Messages.Where(m => ids.Contains(m.OccurrenceId)).OrderByDescending(m => m.Id).Take(Most).Select(m => m.Id).ToList()
                )
                .ToListAsync(cancellationToken)
        )
            .SelectMany(newest => newest)
            .ToArray();
        var byMessage = (
            await db
                .Outbox.AsNoTracking()
                .AsSplitQuery()
                .Where(m => numbers.Contains(m.Id))
                .Include(m => m.Attempts.Where(a => numbers.Contains(a.MessageId)).OrderByDescending(a => a.LeaseToken).Take(Most))
                .Include(m => m.Presses.Where(p => numbers.Contains(p.MessageId)).OrderByDescending(p => p.Id).Take(Most))
                .Include(m => m.OperatorActions.Where(a => numbers.Contains(a.MessageId)).OrderByDescending(a => a.Id).Take(Most))
                .ToListAsync(cancellationToken)
        ).ToLookup(message => message.OccurrenceId);
        foreach (var occurrence in page)
        {
            occurrence.Messages.AddRange(byMessage[occurrence.Id].OrderByDescending(message => message.Id));
        }
    }

    private static async Task<IReadOnlyList<OccurrenceRow>> OthersAsync(
        IQueryable<OccurrenceRow> here,
        List<OccurrenceRow> page,
        CancellationToken cancellationToken
    )
    {
        var named = page.Where(row => row.DecidedBy is not null).Select(row => row.DecidedBy!.Value).ToArray();
        var later = page.Select(row => row.Reason)
            .Concat(page.SelectMany(row => row.Messages.Select(message => message.Reason)))
            .Select(Reasons.SupersededBy)
            .OfType<long>()
            .Distinct()
            .ToArray();
        if (named.Length == 0 && later.Length == 0)
        {
            return [];
        }

        var (known, whose) = (page.Select(row => row.Id).ToArray(), page.Select(row => row.RecipientId).Distinct().ToArray());
        return await here.Where(o =>
                !known.Contains(o.Id) && (named.Contains(o.Id) || later.Contains(o.Version) && whose.Contains(o.RecipientId))
            )
            .OrderBy(o => o.Id)
            .Take(10 * Page)
            .ToListAsync(cancellationToken);
    }

    private async Task<List<HandAnswerRow>> HandAnswersAsync(string type, string key, CancellationToken cancellationToken)
    {
        const string Recorded = "SELECT at, actor, after::text, reason FROM reminders.audit WHERE about = $1 AND action = $2 ORDER BY id";
        await using var find = db.Command(Recorded).With($"{type} {key}", HandAnswers.Action);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var answers = new List<HandAnswerRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            answers.Add(
                new(
                    reader.GetFieldValue<DateTimeOffset>(0),
                    reader.GetString(1),
                    JsonSerializer.Deserialize<HandAnswer>(reader.GetString(2), JsonSerializerOptions.Web)!,
                    reader.IsDBNull(3) ? null : reader.GetString(3)
                )
            );
        }
        return answers;
    }
}
