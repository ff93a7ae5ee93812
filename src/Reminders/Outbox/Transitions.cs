using static Reminders.Outbox.MessageState;

namespace Reminders.Outbox;

/// <summary>One move of a message, and the statement that makes it.</summary>
/// <param name="From">Null: the message is written. The same as <paramref name="To"/>: it moves on within its state.</param>
/// <param name="Statement">The name under which the statement stands in this list.</param>
internal sealed record Transition(MessageState? From, MessageState To, string Actor, string Statement, string When);

/// <summary>
/// Every move that anything may make of a message. A test reads the sources and finds each statement that writes
/// <c>outbox.state</c> here with the states it writes, and the README's table and the diagram of <see cref="MessageState"/> say the same.
/// </summary>
internal static class Transitions
{
    public static readonly IReadOnlyList<Transition> All =
    [
        new(null, Pending, "firing", "queue", "due, still wanted, and a channel reaches the recipient"),
        new(null, Pending, "firing", "queue-digest", "the same, gathered with others of its stretch of time"),
        new(null, Pending, "the person", "ask-again", "they wrote, and have a question open"),
        new(null, Pending, "the person", "say-nothing-open", "they wrote, and have none"),
        new(
            null,
            Pending,
            "dispatcher, reaper, provider",
            "next-channel",
            "refused for good, or in doubt for too long: once more over the kind's next channel"
        ),
        new(null, Pending, "dispatcher, reaper, fence", "edit", "delivered, and its subject has changed"),
        new(
            null,
            Pending,
            "dispatcher, reaper, provider, operator",
            "next-number",
            "once more: in doubt under the policy resend, taken back by the provider, or asked for by an operator"
        ),
        new(null, Sending, "dispatcher", "take", "due on a channel without limits, and plainly wanted: fired and started in one step"),
        new(Sending, Pending, "dispatcher", "give-back", "claimed before a fail-over, and not heard to be started"),
        new(null, Sending, "dispatcher", "write-back", "started before a fail-over that lost it, and remembered"),
        new(Pending, Sending, "dispatcher", "put-back", "the same, where its row is not lost"),
        new(Retry, Sending, "dispatcher", "put-back", "the same"),
        new(Sending, Sending, "dispatcher", "put-back", "the same, where somebody had claimed it since"),
        new(Uncertain, Sending, "dispatcher", "put-back", "the same, and how it ended is known"),
        new(null, Sent, "operator", "import", "another system has sent it, and said so in the cut-over"),
        new(Sending, Pending, "dispatcher", "take-back", "taken, but the answer was lost, so that nobody has sent it"),
        new(Pending, Sending, "dispatcher", "claim", "due, and its channel open"),
        new(Retry, Sending, "dispatcher", "claim", "due again, and its channel open"),
        new(Sending, Pending, "dispatcher", "release", "its node stops, and it has not started"),
        new(Sending, Sending, "dispatcher", "start", "the last look finds nothing against it: send_started_at is set"),
        new(Sending, Pending, "dispatcher", "start", "quiet hours, a pause or the recipient's own limit: not yet"),
        new(Sending, Cancelled, "dispatcher", "start", "not wanted any more, or opted out"),
        new(Sending, Dead, "dispatcher", "start", "past its use, or nobody to reach"),
        new(Sending, Retry, "dispatcher", "postpone", "the database refused its start"),
        new(Sending, Dead, "dispatcher", "postpone", "the same, with its attempts used up"),
        new(Sending, Sent, "dispatcher", "settle-sent", "accepted by the provider, and nothing else to say"),
        new(Sending, Sent, "dispatcher", "settle", "accepted by the provider, or proved meanwhile"),
        new(Sending, Retry, "dispatcher", "settle", "definitely not delivered, and attempts are left"),
        new(Sending, Dead, "dispatcher", "settle", "refused, attempts used up, or in doubt under the policy resend"),
        new(Sending, Uncertain, "dispatcher", "settle", "nobody can know"),
        new(Sending, Sent, "dispatcher", "settle-barely", "the same, where the database refuses the rest of the outcome"),
        new(Sending, Retry, "dispatcher", "settle-barely", "the same"),
        new(Sending, Dead, "dispatcher", "settle-barely", "the same"),
        new(Sending, Uncertain, "dispatcher", "settle-barely", "the same"),
        new(Sending, Pending, "reaper", "reap", "lease lost before it started"),
        new(Sending, Retry, "reaper", "reap", "lease lost, and repeating an edit shows the same"),
        new(Sending, Sent, "reaper", "reap", "lease lost, and an answer has proved it"),
        new(Sending, Dead, "reaper", "reap", "lease lost under the policy resend"),
        new(Sending, Uncertain, "reaper", "reap", "lease lost after it started"),
        new(Uncertain, Dead, "reaper", "expire-doubts", "in doubt until past its use"),
        new(Pending, Dead, "reaper", "expire-shut", "past its use on a channel that is shut, or of a kind that is paused"),
        new(Retry, Dead, "reaper", "expire-shut", "the same"),
        new(Pending, Cancelled, "fence", "cancel-unsent", "superseded, answered, or its subject cancelled"),
        new(Retry, Cancelled, "fence", "cancel-unsent", "the same"),
        new(Sending, Cancelled, "fence", "cancel-unsent", "the same, where it has not started"),
        new(Pending, Cancelled, "fence", "cancel-older-edits", "a newer edit shows more"),
        new(Retry, Cancelled, "fence", "cancel-older-edits", "the same"),
        new(Sending, Cancelled, "fence", "cancel-older-edits", "the same, where it has not started"),
        new(Pending, Cancelled, "erasure", "erase-unsent", "the recipient is forgotten"),
        new(Retry, Cancelled, "erasure", "erase-unsent", "the same"),
        new(Sending, Cancelled, "erasure", "erase-unsent", "the same, where it has not started"),
        new(Pending, Cancelled, "erasure", "erase-edits", "the recipient is forgotten"),
        new(Retry, Cancelled, "erasure", "erase-edits", "the same"),
        new(Sending, Cancelled, "erasure", "erase-edits", "the same, where it has not started"),
        new(Uncertain, Sent, "the person, provider", "prove", "a press with its token, or a status"),
        new(Sent, Dead, "provider", "fail-later", "taken back by a later status, and not proved otherwise"),
        new(Uncertain, Dead, "provider", "fail-later", "the same"),
        new(Sending, Dead, "provider", "fail-later", "the same, before its outcome is written"),
        new(Uncertain, Sent, "operator", "settle-held", "who says that it arrived"),
        new(Uncertain, Dead, "operator", "settle-held", "who says that it did not, or sends it again"),
        new(Pending, Uncertain, "operator", "hold-unsent", "after a restore or a fail-over: what is lost may have sent it"),
        new(Retry, Uncertain, "operator", "hold-unsent", "the same"),
        new(Sending, Uncertain, "operator", "hold-unsent", "the same, where its lease is over and it had not started"),
    ];

    /// <summary>The table of the README: one line for each pair of states and statement.</summary>
    public static string Table() =>
        string.Join(
            '\n',
            [
                "| from → to | by | statement | when |",
                "|---|---|---|---|",
                .. All.Where(move => move.From != move.To)
                    .Select(move => $"| {Name(move.From)} → {move.To.ToColumn()} | {move.Actor} | `{move.Statement}` | {move.When} |"),
            ]
        );

    /// <summary>The lines of the diagram: where each state leads.</summary>
    public static IReadOnlyList<string> Diagram() =>
        [
            .. All.Where(move => move.From != move.To)
                .GroupBy(move => move.From)
                .OrderBy(moves => moves.Key ?? (MessageState)(-1))
                .Select(moves =>
                    $"{Name(moves.Key), -9} ──► "
                    + $"{string.Join(" | ", moves.Select(move => move.To).Distinct().Order().Select(state => state.ToColumn()))}"
                ),
        ];

    private static string Name(MessageState? state) => state?.ToColumn() ?? "(new)";
}
