using System.Globalization;
using Reminders.Ledger;
using Reminders.Outbox;
using Reminders.Reads;

namespace Reminders.Explain;

/// <summary>The engine's words as a recruiter would say them.</summary>
internal static class StoryWords
{
    // A trigger is for a whole second, and firing takes its time.
    private static readonly TimeSpan OnTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    public static string Name(OutboxRow row) =>
        row.Operation == "edit" ? $"the change of message {row.TargetId} on {row.Channel} (message {row.Id})"
        : row.ResendNumber == 0 ? $"the {row.Channel} message (message {row.Id})"
        : $"copy {row.ResendNumber + 1} of the {row.Channel} message (message {row.Id})";

    public static string Outcome(string outcome) =>
        outcome switch
        {
            "sent" => "delivered",
            "uncertain" => "nobody can know whether it arrived",
            "uncertain, resent" => "nobody could know whether it arrived, so it was sent again",
            "uncertain edit" => "nobody can know whether it arrived; showing the same again does no harm",
            "lease lost" => "the machine that was sending it was lost",
            "throttled" => "the channel asked to wait",
            "not delivered" => "it could not be handed over",
            "rejected" => "the channel refused it",
            "unreachable" => "the recipient cannot be reached there",
            "migrated" => "the chat has moved to another address",
            _ => outcome,
        };

    public static string End(MessageState state) => state == MessageState.Cancelled ? "dropped before it was sent" : "given up";

    /// <summary>Why it was not told; the ledger's short words in whole ones.</summary>
    public static string Reason(string? reason) =>
        (reason ?? "no reason is on record").Replace(
            ReminderPlan.BelowMinimumLead,
            "it was planned too shortly before the start for a reminder to be of use",
            StringComparison.Ordinal
        );

    /// <summary>Who found that its time had come, and how late; nothing of what is not on record.</summary>
    public static string Via(OccurrenceRow row, DateTimeOffset at)
    {
        var who = row.FiredVia switch
        {
            Firing.Via.Trigger => "its trigger fired it",
            Firing.Via.Reconciler => "the reconciler fired it, for which it needs no trigger",
            Firing.Via.Dispatcher => "the dispatcher took it as it fell due",
            _ => null,
        };
        var due = row.DueAt > row.PlannedAt ? row.DueAt : row.PlannedAt;
        var late = at - due;
        return who is null ? ""
            : late < OnTime ? $"; {who}"
            : late < Long ? $"; {who}, {Count((long)late.TotalSeconds, "second")} late"
            : $"; {who}, {Count((long)late.TotalMinutes, "minute")} late";
    }

    /// <summary>A length of time, as people say it.</summary>
    public static string Span(TimeSpan span) =>
        span switch
        {
            { Ticks: 0 } => "right",
            { TotalHours: >= 1 } when span.Minutes == 0 && span.Seconds == 0 => Count((long)span.TotalHours, "hour"),
            { TotalMinutes: >= 1 } when span.Seconds == 0 => Count((long)span.TotalMinutes, "minute"),
            { TotalSeconds: >= 1 } => Count((long)span.TotalSeconds, "second"),
            _ => $"{span}",
        };

    public static string Way(PressRow press) => press.ProviderId == Inbound.AnswerPages.Link ? "answered by the link" : "pressed";

    public static string Effect(string effect) =>
        effect switch
        {
            "Confirmed" => "confirmed",
            "Declined" => "declined",
            "Answered" => "recorded",
            "AnsweredOtherwise" => "answered otherwise before, which stands",
            "NotOffered" => "the kind does not offer that any more, so it changed nothing",
            "AlreadyConfirmed" or "AlreadyDeclined" or "AlreadyAnswered" => "answered before, so it changed nothing",
            "DeclinedIsFinal" => "had declined before, which is final",
            "Moved" => "too late, the booking had been moved",
            "Cancelled" => "too late, the booking was off",
            "TooLate" => "too late, it had begun",
            "NotYours" => "refused: the button is not theirs",
            _ => effect,
        };

    private static string Count(long number, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}");

    public static string Times(long count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");

    /// <summary>In UTC: the story is read by people in several zones, and beside logs.</summary>
    public static string Show(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
