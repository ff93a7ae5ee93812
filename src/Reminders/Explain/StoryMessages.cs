using System.Diagnostics.Contracts;
using Reminders.Outbox;
using Reminders.Reads;
using Reminders.Words;

namespace Reminders.Explain;

/// <summary>Turns a message's rows into what happened to it. Pure.</summary>
[Pure]
internal static class StoryMessages
{
    public static IEnumerable<Happening> Of(OutboxRow row, OccurrenceRow occurrence, IReadOnlyDictionary<long, OccurrenceRow> byId)
    {
        var (name, recipient) = (StoryParts.Name(row), occurrence.Recipient.Name);
        yield return new(row.CreatedAt, StoryStep.Queued, new("event.queued", name, row.OnRequest ? recipient : null), MessageId: row.Id);
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
                new("event.operator", name, action.Action, StoryParts.Reason(action.Reason, action.ActedBy)),
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
            yield return new(startedAt, StoryStep.Attempted, new("event.being_sent", name), row.LeasedBy, row.Id);
        }

        if (row.SettledAt is { } settledAt && EndsUntold(row))
        {
            yield return new(
                settledAt,
                StoryStep.Settled,
                new("event.ended", name, row.State.ToColumn(), row.Reason is { } reason ? Reasons.Meaning(reason) : null),
                row.CancelledBy ?? row.LeasedBy,
                row.Id,
                StoryEvents.Successor(occurrence, row.Reason, byId),
                StoryEvents.Rule(row.Reason)
            );
        }
    }

    private static Happening Pressed(PressRow press, string recipient, long messageId)
    {
        object who = press.Effect == "NotYours" ? new Sentence("who.other", press.Sender) : recipient;
        return new(
            press.PressedAt,
            StoryStep.Pressed,
            new("event.pressed", who, StoryParts.Way(press), press.Action, press.Effect),
            who,
            messageId
        );
    }

    private static Happening Claimed(DateTimeOffset at, Sentence name, string? node, long messageId) =>
        new(at, StoryStep.Claimed, new("event.claimed", name), node, messageId);

    /// <summary>Most ends are told by the attempt that led to them, whose detail is the message's reason then, or by an operator's
    /// action.</summary>
    private static bool EndsUntold(OutboxRow row) =>
        row.State is MessageState.Cancelled or MessageState.Dead
        && row.Attempts.MaxBy(attempt => attempt.LeaseToken)?.Detail != row.Reason
        && row.OperatorActions.All(action => action.Action == "replayed");

    private static Sentence Attempt(Sentence name, AttemptRow attempt) =>
        attempt.StartedAt is null
            ? new("event.went_back", name)
            : new("event.tried", name, attempt.Outcome, attempt.Detail is { Length: > 0 } given ? Reasons.Meaning(given) : null);
}
