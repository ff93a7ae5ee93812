using System.Diagnostics.Contracts;
using Reminders.Ledger;
using Reminders.Outbox;
using Reminders.Reads;

namespace Reminders.Explain;

/// <summary>Turns an occurrence's rows into what happened. Pure.</summary>
[Pure]
internal static class StoryEvents
{
    public static IEnumerable<StoryEvent> Of(OccurrenceRow occurrence, IReadOnlyDictionary<long, OccurrenceRow> byId)
    {
        var kept =
            occurrence.State == "skipped" && occurrence.FiredAt is null
                ? $", and skipped at once: {StoryWords.Reason(occurrence.Reason)}"
                : "";
        var imported = occurrence is { State: "fired", Reason: Imported.Reason };
        // Who imports what is planned here already takes it over; anything else begins with the import.
        if (!imported || occurrence.PlannedBy != occurrence.FiredBy)
        {
            yield return new(
                occurrence.PlannedAt,
                StoryStep.Planned,
                $"planned for {StoryWords.Show(occurrence.DueAt)}{kept}",
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
                    $"imported: told by the old system at {StoryWords.Show(firedAt)}",
                    occurrence.FiredBy,
                    Rule: Imported.Reason
                )
                : Fired(occurrence, firedAt, byId);
        }

        if (occurrence.CancelledAt is { } cancelledAt)
        {
            yield return new(
                cancelledAt,
                StoryStep.Cancelled,
                $"it was taken back before it was sent: {StoryWords.Reason(occurrence.Reason)}",
                occurrence.CancelledBy,
                DecidedBy: Successor(occurrence, occurrence.Reason, byId),
                Rule: occurrence.Reason
            );
        }

        if (occurrence.InboxItem is { } item)
        {
            yield return new(item.CreatedAt, StoryStep.Queued, $"it was put into the inbox of {occurrence.Recipient.Name}");
        }

        if (occurrence.InboxItem?.ReadAt is { } readAt)
        {
            yield return new(readAt, StoryStep.Pressed, $"{occurrence.Recipient.Name} marked it as read", occurrence.Recipient.Name);
        }

        foreach (var given in occurrence.HandAnswers)
        {
            yield return Given(given, occurrence.Recipient.Name);
        }

        // The message that an import wrote was in no queue here.
        var messages = occurrence.Messages.Where(message => !imported || message.LeasedBy is not null || message.ResendNumber > 0);
        foreach (var message in messages.OrderBy(message => message.Id))
        {
            foreach (var happened in Message(message, occurrence, byId))
            {
                yield return happened;
            }
        }
    }

    private static StoryEvent Given(HandAnswerRow row, string recipient)
    {
        var because = row.Reason is { } reason ? $", because: {reason}" : "";
        return new(
            row.At,
            StoryStep.Answered,
            $"{recipient} answered “{row.Answer.Answer}” by {row.Answer.How}, recorded by "
                + $"{row.Answer.By} "
                + $"({StoryWords.Effect(row.Answer.Effect)}){because}",
            row.RecordedBy
        );
    }

    private static StoryEvent Suppressed(SuppressionRow row)
    {
        var since = row.Count == 1 ? "" : $", {StoryWords.Times(row.Count)} since {StoryWords.Show(row.FirstAt)}";
        return new(
            row.LastAt,
            StoryStep.Suppressed,
            $"asked for again{since}: nothing was planned, because this reminder (row {row.OccurrenceId}) "
                + "stands for it "
                + $"already ({row.Rule})",
            row.LastBy,
            DecidedBy: row.OccurrenceId,
            Rule: row.Rule
        );
    }

    private static StoryEvent Fired(OccurrenceRow row, DateTimeOffset at, IReadOnlyDictionary<long, OccurrenceRow> byId)
    {
        var text = row.State switch
        {
            "fired" => "its time came: it was still wanted, and handed over for sending",
            "waiting" => $"its time came, but it has to wait: {row.Reason}",
            _ => $"its time came, but it was not sent: {StoryWords.Reason(row.Reason)}",
        };
        var via = StoryWords.Via(row, at);
        if (row.DecidedBy is not { } deciding)
        {
            return new(
                at,
                StoryStep.Fired,
                text + via,
                row.FiredBy,
                DecidedBy: Successor(row, row.Reason, byId),
                Rule: row.State == "fired" ? null : StoryWords.Reason(row.Reason)
            );
        }

        var version = byId.TryGetValue(deciding, out var other) ? $" of version {other.Version}" : "";
        return new(
            at,
            StoryStep.Fired,
            $"{text}; the reminder{version} (row {deciding}) says the same{via}",
            row.FiredBy,
            DecidedBy: deciding,
            Rule: "the last thing the recipient was told is still so"
        );
    }

    /// <summary>The occurrence that took the place of this one: the same kind for a later version, for whomever.</summary>
    private static long? Successor(OccurrenceRow row, string? reason, IReadOnlyDictionary<long, OccurrenceRow> byId) =>
        byId
            .Values.Where(other => other.Kind == row.Kind && reason == $"superseded by version {other.Version}")
            .MinBy(other => other.RecipientId == row.RecipientId ? 0 : other.Id)
            ?.Id;

    private static IEnumerable<StoryEvent> Message(OutboxRow row, OccurrenceRow occurrence, IReadOnlyDictionary<long, OccurrenceRow> byId)
    {
        var (name, recipient) = (StoryWords.Name(row), occurrence.Recipient.Name);
        var asked = row.OnRequest ? $", because {recipient} wrote to us" : "";
        yield return new(row.CreatedAt, StoryStep.Queued, $"{name} was queued{asked}", MessageId: row.Id);
        foreach (var attempt in row.Attempts)
        {
            if (attempt.ClaimedAt is { } taken)
            {
                yield return Claimed(taken, name, attempt.Node, row.Id);
            }

            yield return new(attempt.SettledAt, StoryStep.Attempted, Attempt(name, attempt), attempt.Node, row.Id);
        }
        foreach (var press in row.Presses)
        {
            yield return Pressed(press, recipient, row.Id);
        }

        foreach (var action in row.OperatorActions)
        {
            yield return new(
                action.ActedAt,
                StoryStep.Operator,
                $"{name} was {action.Action}, because: {action.Reason}",
                action.ActedBy,
                row.Id
            );
        }

        if (row is { State: MessageState.Sending, ClaimedAt: { } claimedAt })
        {
            yield return Claimed(claimedAt, name, row.LeasedBy, row.Id);
        }

        if (row is { State: MessageState.Sending, SendStartedAt: { } startedAt })
        {
            yield return new(startedAt, StoryStep.Attempted, $"{name} is being sent", row.LeasedBy, row.Id);
        }

        if (row.SettledAt is { } settledAt && EndsUntold(row))
        {
            yield return new(
                settledAt,
                StoryStep.Settled,
                $"{name} was {StoryWords.End(row.State)}: {row.Reason}",
                row.CancelledBy ?? row.LeasedBy,
                row.Id,
                Successor(occurrence, row.Reason, byId),
                row.Reason
            );
        }
    }

    private static StoryEvent Pressed(PressRow press, string recipient, long messageId)
    {
        var who = press.Effect == "NotYours" ? $"somebody else ({press.Sender})" : recipient;
        return new(
            press.PressedAt,
            StoryStep.Pressed,
            $"{who} {StoryWords.Way(press)} “{press.Action}” ({StoryWords.Effect(press.Effect)})",
            who,
            messageId
        );
    }

    private static StoryEvent Claimed(DateTimeOffset at, string name, string? node, long messageId) =>
        new(at, StoryStep.Claimed, $"{name} was claimed", node, messageId);

    /// <summary>Most ends are told by the attempt that led to them, whose detail is the message's reason then, or by an operator's
    /// action.</summary>
    private static bool EndsUntold(OutboxRow row) =>
        row.State is MessageState.Cancelled or MessageState.Dead
        && row.Attempts.MaxBy(attempt => attempt.LeaseToken)?.Detail != row.Reason
        && row.OperatorActions.All(action => action.Action == "replayed");

    private static string Attempt(string name, AttemptRow attempt)
    {
        if (attempt.StartedAt is null)
        {
            return $"{name} went back into the queue: the machine that had claimed it was lost before it began to send";
        }

        var detail = attempt.Detail is { Length: > 0 } given ? $": {given}" : "";
        return $"{name} was tried: {StoryWords.Outcome(attempt.Outcome)}{detail}";
    }
}
