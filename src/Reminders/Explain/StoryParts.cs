using System.Diagnostics.Contracts;
using Reminders.Ledger;
using Reminders.Reads;
using Reminders.Words;

namespace Reminders.Explain;

/// <summary>What sentences of the story have in common. Pure.</summary>
[Pure]
internal static class StoryParts
{
    // A trigger is for a whole second, and firing takes its time.
    private static readonly TimeSpan OnTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    public static Sentence Name(OutboxRow row) =>
        row.Operation == "edit" ? new("named.edit", row.Channel, row.Id, row.TargetId)
        : row.ResendNumber == 0 ? new("named.first", row.Channel, row.Id)
        : new("named.copy", row.Channel, row.Id, row.ResendNumber + 1);

    /// <summary>Why, by the column.</summary>
    public static Sentence Reason(string? reason) => reason is null ? new("stands.no_reason") : Reasons.Meaning(reason);

    /// <summary>Why, by who said so: a person's words are their own, whatever they look like.</summary>
    public static Sentence Reason(string reason, string by) => by == "engine" ? Reasons.Meaning(reason) : new("reason.said", reason);

    /// <summary>Who found that its time had come, and how late; nothing of what is not on record.</summary>
    public static Sentence? Via(OccurrenceRow row, DateTimeOffset at)
    {
        var code = row.FiredVia switch
        {
            Firing.Via.Trigger => "event.by_trigger",
            Firing.Via.Reconciler => "event.by_reconciler",
            Firing.Via.Dispatcher => "event.by_dispatcher",
            _ => null,
        };
        var due = row.DueAt > row.PlannedAt ? row.DueAt : row.PlannedAt;
        var late = at - due;
        return code is null ? null
            : late < OnTime ? new(code, [null])
            : late < Long ? new(code, new Sentence("span.seconds", (long)late.TotalSeconds))
            : new(code, new Sentence("span.minutes", (long)late.TotalMinutes));
    }

    public static string Way(PressRow press) => press.ProviderId == Inbound.AnswerPages.Link ? "link" : "press";
}
