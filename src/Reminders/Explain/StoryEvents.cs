using System.Diagnostics.Contracts;
using Reminders.Ledger;
using Reminders.Reads;
using Reminders.Words;

namespace Reminders.Explain;

/// <summary>Turns an occurrence's rows into what happened. Pure.</summary>
[Pure]
internal static class StoryEvents
{
    public static IEnumerable<Happening> Of(OccurrenceRow occurrence, IReadOnlyDictionary<long, OccurrenceRow> byId)
    {
        var skipped = occurrence.State == "skipped" && occurrence.FiredAt is null ? StoryParts.Reason(occurrence.Reason) : null;
        var imported = occurrence is { State: "fired", Reason: Imported.Reason };
        // Who imports what is planned here already takes it over; anything else begins with the import.
        if (!imported || occurrence.PlannedBy != occurrence.FiredBy)
        {
            yield return new(
                occurrence.PlannedAt,
                StoryStep.Planned,
                new("event.planned", occurrence.DueAt, skipped),
                occurrence.PlannedBy
            );
        }

        foreach (var suppression in occurrence.Suppressions)
        {
            yield return Suppressed(suppression);
        }

        if (occurrence.FiredAt is { } firedAt)
        {
            yield return imported
                ? new(
                    occurrence.PlannedAt,
                    StoryStep.Fired,
                    new("event.imported", firedAt),
                    occurrence.FiredBy,
                    Rule: Reasons.Meaning(Imported.Reason)
                )
                : Fired(occurrence, firedAt, byId);
        }

        if (occurrence.CancelledAt is { } cancelledAt)
        {
            yield return new(
                cancelledAt,
                StoryStep.Cancelled,
                new("event.cancelled", StoryParts.Reason(occurrence.Reason)),
                occurrence.CancelledBy,
                DecidedBy: Successor(occurrence, occurrence.Reason, byId),
                Rule: Rule(occurrence.Reason)
            );
        }

        if (occurrence.InboxItem is { } item)
        {
            yield return new(item.CreatedAt, StoryStep.Queued, new("event.in_inbox", occurrence.Recipient.Name));
        }

        if (occurrence.InboxItem?.ReadAt is { } readAt)
        {
            yield return new(readAt, StoryStep.Pressed, new("event.read", occurrence.Recipient.Name), occurrence.Recipient.Name);
        }

        foreach (var given in occurrence.HandAnswers)
        {
            yield return Given(given, occurrence.Recipient.Name);
        }

        // The message that an import wrote was in no queue here.
        var messages = occurrence.Messages.Where(message => !imported || message.LeasedBy is not null || message.ResendNumber > 0);
        foreach (var message in messages.OrderBy(message => message.Id))
        {
            foreach (var happened in StoryMessages.Of(message, occurrence, byId))
            {
                yield return happened;
            }
        }
    }

    /// <summary>The occurrence that took the place of this one: the same kind for a later version, for whomever.</summary>
    public static long? Successor(OccurrenceRow row, string? reason, IReadOnlyDictionary<long, OccurrenceRow> byId) =>
        Reasons.SupersededBy(reason) is { } version
            ? byId
                .Values.Where(other => other.Kind == row.Kind && other.Version == version)
                .MinBy(other => other.RecipientId == row.RecipientId ? 0 : other.Id)
                ?.Id
            : null;

    public static Sentence? Rule(string? reason) => reason is null ? null : Reasons.Meaning(reason);

    private static Happening Given(HandAnswerRow row, string recipient) =>
        new(
            row.At,
            StoryStep.Answered,
            new("event.answered", recipient, row.Answer.Answer, row.Answer.How, row.Answer.By, row.Answer.Effect, row.Reason),
            row.RecordedBy
        );

    private static Happening Suppressed(SuppressionRow row)
    {
        var since = row.Count == 1 ? null : new Sentence("event.times_since", (long)row.Count, row.FirstAt);
        return new(
            row.LastAt,
            StoryStep.Suppressed,
            new("event.suppressed", since, row.OccurrenceId, Reasons.Meaning(row.Rule)),
            row.LastBy,
            DecidedBy: row.OccurrenceId,
            Rule: Reasons.Meaning(row.Rule)
        );
    }

    private static Happening Fired(OccurrenceRow row, DateTimeOffset at, IReadOnlyDictionary<long, OccurrenceRow> byId)
    {
        var via = StoryParts.Via(row, at);
        if (row.DecidedBy is { } deciding)
        {
            var version = byId.TryGetValue(deciding, out var other) ? other.Version : (long?)null;
            return new(
                at,
                StoryStep.Fired,
                new("event.fired_same", StoryParts.Reason(row.Reason), version, deciding, via),
                row.FiredBy,
                DecidedBy: deciding,
                Rule: new("rule.still_so")
            );
        }

        return new(
            at,
            StoryStep.Fired,
            row.State switch
            {
                "fired" => new("event.fired", via),
                "waiting" => new("event.fired_waiting", StoryParts.Reason(row.Reason), via),
                _ => new("event.fired_unsent", StoryParts.Reason(row.Reason), via),
            },
            row.FiredBy,
            DecidedBy: Successor(row, row.Reason, byId),
            Rule: row.State == "fired" ? null : StoryParts.Reason(row.Reason)
        );
    }
}
