using Microsoft.EntityFrameworkCore;
using Reminders.Commands;
using Reminders.Reads;

namespace Reminders.Lists;

/// <summary>What was asked for again and not obeyed: the row that was in the way, and the rule that decided.</summary>
/// <param name="OccurrenceId">The row that was there already, as <c>explain</c> numbers it.</param>
/// <param name="State">That row's: planned, waiting, fired, skipped or cancelled.</param>
/// <param name="Owner">Whose the subject is; empty for the installation's own.</param>
/// <param name="Count">How often.</param>
/// <param name="LastBy">Who asked last.</param>
public sealed record ListedSuppression(
    long OccurrenceId,
    string Rule,
    int Count,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    string LastBy,
    string Kind,
    string State,
    string SubjectType,
    string SubjectKey,
    long Version,
    string Owner,
    ListedPerson Recipient
);

/// <summary>
/// Suppressed duplicates, the newest first: by the state and kind of the row that was in the way, by recipient,
/// and by when it first happened. Not by when it last did, which changes while somebody reads and would hide rows from them.
/// </summary>
internal sealed class SuppressionList(RemindersDb db, CommandTransaction current, Caller caller)
    : KeysetList<ListedSuppression, ListedSuppression>(
        db,
        current,
        caller,
        "suppressions",
        ["planned", "waiting", "fired", "skipped", "cancelled"]
    )
{
    internal override IQueryable<ListedSuppression> Query(ListFilter filter)
    {
        var suppressions = Db.Suppressions.AsNoTracking();
        if (filter.Owner is { } owner)
        {
            suppressions = suppressions.Where(s => s.Occurrence.Subject.Owner == owner);
        }

        if (filter.State is { } state)
        {
            suppressions = suppressions.Where(s => s.Occurrence.State == state);
        }

        if (filter.Kind is { } kind)
        {
            suppressions = suppressions.Where(s => s.Occurrence.Kind == kind);
        }

        if (filter.Person is { } person)
        {
            suppressions = suppressions.Where(s => s.Occurrence.Recipient.Reference == person && s.Occurrence.Recipient.ErasedAt == null);
        }

        if (filter.Since is { } since)
        {
            suppressions = suppressions.Where(s => s.FirstAt >= since);
        }

        if (filter.Until is { } until)
        {
            suppressions = suppressions.Where(s => s.FirstAt < until);
        }

        if (filter.After is { } after)
        {
            var (at, id, rule) = (after.At, after.Id, after.Rest);
            suppressions = suppressions.Where(s =>
                EF.Functions.LessThan(ValueTuple.Create(s.FirstAt, s.OccurrenceId, s.Rule), ValueTuple.Create(at, id, rule))
            );
        }
        return suppressions
            .OrderByDescending(s => s.FirstAt)
            .ThenByDescending(s => s.OccurrenceId)
            .ThenByDescending(s => s.Rule)
            .Take(filter.Size + 1)
            .Select(s => new ListedSuppression(
                s.OccurrenceId,
                s.Rule,
                s.Count,
                s.FirstAt,
                s.LastAt,
                s.LastBy,
                s.Occurrence.Kind,
                s.Occurrence.State,
                s.Occurrence.Subject.Type,
                s.Occurrence.Subject.Key,
                s.Occurrence.Version,
                s.Occurrence.Subject.Owner,
                new ListedPerson(s.Occurrence.Recipient.Reference, s.Occurrence.Recipient.Name)
            ));
    }

    protected override ListCursor Key(ListedSuppression row) => new(row.FirstAt, row.OccurrenceId, row.Rule);

    protected override ListedSuppression Show(ListedSuppression row) => row;
}
