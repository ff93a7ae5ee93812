using System.Diagnostics.Contracts;

namespace Reminders.Outbox;

/// <summary>
/// Where an outbox message stands. Every move is a compare-and-set on (id, state, lease token) in database time;
/// <see cref="Transitions"/> says who makes it, when, and by which statement.
/// <code>
/// (new)     ──► pending | sending | sent
/// pending   ──► sending | uncertain | dead | cancelled
/// sending   ──► pending | retry | sent | uncertain | dead | cancelled
/// retry     ──► sending | uncertain | dead | cancelled
/// sent      ──► dead
/// uncertain ──► sending | sent | dead
/// </code>
/// </summary>
internal enum MessageState
{
    /// <summary>Written by firing, waits for its due time. Moved by a claim, or cancelled when no longer wanted.</summary>
    Pending,

    /// <summary>
    /// In the hands of one node under a lease: claimed, or taken and started at once. With <c>send_started_at</c> empty nothing has
    /// left the node: a lost lease makes it pending again and a change of its subject cancels it. With it set, only the outcome moves it.
    /// </summary>
    Sending,

    /// <summary>Definitely not delivered, and to be tried again from <c>due_at</c> on. Moved by a claim.</summary>
    Retry,

    /// <summary>
    /// Delivered; the provider's id is kept. Final, unless the provider itself takes it back: WhatsApp's <c>failed</c> status
    /// makes it dead, and never sends it again under this number.
    /// </summary>
    Sent,

    /// <summary>
    /// Perhaps delivered: a doubt for a person, never for a guess. Moved to sent by a press with its token, a status
    /// webhook or an operator; to dead when past its use.
    /// </summary>
    Uncertain,

    /// <summary>Will not be delivered, with the reason. Final, though an operator may replay it as a new message.</summary>
    Dead,

    /// <summary>Not wanted any more before anything left the node. Final.</summary>
    Cancelled,
}

/// <summary>The states as the <c>state</c> column spells them.</summary>
[Pure]
internal static class MessageStates
{
    public static string ToColumn(this MessageState state) =>
        state switch
        {
            MessageState.Pending => "pending",
            MessageState.Sending => "sending",
            MessageState.Retry => "retry",
            MessageState.Sent => "sent",
            MessageState.Uncertain => "uncertain",
            MessageState.Dead => "dead",
            MessageState.Cancelled => "cancelled",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a message state."),
        };

    public static MessageState FromColumn(string column) => Enum.Parse<MessageState>(column, ignoreCase: true);

    public static bool IsFinal(this MessageState state) => state is MessageState.Sent or MessageState.Dead or MessageState.Cancelled;
}
