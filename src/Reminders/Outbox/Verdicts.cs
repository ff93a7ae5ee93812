using System.Diagnostics.Contracts;
using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Outbox;

/// <summary>
/// The line from a sender's answer to the message's next state: the state table's right half. Pure, so that every
/// outcome can be tested without a network or a database.
/// </summary>
[Pure]
internal static class Verdicts
{
    /// <summary>After a pause the others go before the message that met the 429: what becomes of them says whose limit it was.</summary>
    public static readonly TimeSpan OthersFirst = TimeSpan.FromSeconds(1);

    public static Settlement Settle(StartedMessage message, SendResult result, UncertainPolicy policy, OutboxOptions options, double random)
    {
        var failures = message.Attempts + 1;
        return result switch
        {
            SendResult.Sent sent => new(
                message,
                MessageState.Sent,
                "sent",
                sent.UnkeptLength is { } length ? Reasons.Of("id_unkept", length) : null,
                sent.ProviderMessageId,
                Spent: 1
            ),

            // Whose limit was it? Who is asked to wait again while others were sent has a limit of their own. Otherwise, where the
            // provider does not say, the next message to somebody else does.
            SendResult.Throttled throttled => throttled.Scope switch
            {
                ThrottleScope.Channel => Throttled(throttled, ChannelTroubleKind.Limited),
                ThrottleScope.Unknown when !message.ThrottledAlone => Throttled(
                    throttled,
                    message.Probe && !message.ThrottledBefore ? ChannelTroubleKind.AskedAgain : ChannelTroubleKind.Asked
                ),
                _ => Throttled(throttled, null),
            },

            SendResult.NotDelivered { Unanswered: true } unanswered => TryAgain(unanswered.Why, "not delivered") with { Unanswered = true },

            SendResult.NotDelivered notDelivered => TryAgain(notDelivered.Why, "not delivered"),

            SendResult.Rejected rejected => new(message, MessageState.Dead, "rejected", rejected.Why, Spent: 1),

            SendResult.Unreachable { MigratedTo: { } moved } migrated => new(
                message,
                MessageState.Retry,
                "migrated",
                migrated.Why,
                Spent: 1,
                RecipientTrouble: new(null, true, migrated.Why, moved)
            ),

            SendResult.Unreachable unreachable => new(
                message,
                MessageState.Dead,
                "unreachable",
                unreachable.Why,
                Spent: 1,
                RecipientTrouble: new(null, true, unreachable.Why)
            ),

            SendResult.ChannelBroken broken => new(
                message,
                MessageState.Retry,
                "channel broken",
                broken.Why,
                Delay: options.BrokenChannelProbe,
                ChannelTrouble: new(options.BrokenChannelProbe, broken.Why, ChannelTroubleKind.Broken)
            ),

            // Repeating an edit shows the same text again: no doubt worth holding.
            SendResult.Uncertain uncertain when message.Operation == DeliveryOperation.Edit => TryAgain(
                uncertain.Why,
                "uncertain edit"
            ) with
            {
                Unanswered = true,
            },

            SendResult.Uncertain uncertain when policy == UncertainPolicy.Resend => new(
                message,
                MessageState.Dead,
                "uncertain, resent",
                uncertain.Why,
                Spent: 1,
                Resend: true,
                Unanswered: true
            ),

            SendResult.Uncertain uncertain => new(message, MessageState.Uncertain, "uncertain", uncertain.Why, Spent: 1, Unanswered: true),

            _ => throw new ArgumentOutOfRangeException(nameof(result), result, "Not a send result."),
        };

        // The recipient waits in any case, unless the provider says that it is everybody's. Then the others go first: what becomes
        // of them says whether there is room again.
        Settlement Throttled(SendResult.Throttled throttled, ChannelTroubleKind? channel) =>
            new(
                message,
                MessageState.Retry,
                "throttled",
                throttled.Why,
                Delay: channel == ChannelTroubleKind.Limited ? throttled.Delay + OthersFirst : throttled.Delay,
                ChannelTrouble: channel is { } kind ? new(throttled.Delay, throttled.Why, kind) : null,
                RecipientTrouble: channel == ChannelTroubleKind.Limited ? null : new(throttled.Delay, false, throttled.Why)
            );

        Settlement TryAgain(string detail, string outcome) =>
            failures >= options.MaxAttempts
                ? new(message, MessageState.Dead, outcome, Reasons.Of("last_attempt", failures, options.MaxAttempts, detail), Spent: 1)
                : new(message, MessageState.Retry, outcome, detail, Delay: RetryPolicy.Delay(failures, options, random), Spent: 1);
    }
}
