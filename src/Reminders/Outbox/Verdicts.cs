using Reminders.Channels;
using Reminders.Planning;

namespace Reminders.Outbox;

/// <summary>
/// The line from a sender's answer to the message's next state: the state table's right half. Pure, so that every
/// outcome can be tested without a network or a database.
/// </summary>
internal static class Verdicts
{
    /// <summary>After a pause the others go before the message that met the 429: what becomes of them says whose limit it was.</summary>
    public static readonly TimeSpan OthersFirst = TimeSpan.FromSeconds(1);

    public static Settlement Settle(StartedMessage message, SendResult result, UncertainPolicy policy, OutboxOptions options, double random)
    {
        var failures = message.Attempts + 1;
        return result switch
        {
            SendResult.Sent sent => new(message, MessageState.Sent, "sent", sent.Remark, sent.ProviderMessageId, Spent: 1),

            // Whose limit was it? A provider that does not say names the whole channel. But who is asked to wait again while
            // others were sent has a limit of their own, and holding everybody for it again and again would be the outage.
            SendResult.Throttled throttled => Throttled(
                throttled, throttled.Scope == ThrottleScope.Recipient || message.ThrottledAlone),

            SendResult.NotDelivered notDelivered => TryAgain(notDelivered.Detail, "not delivered"),

            SendResult.Rejected rejected => new(message, MessageState.Dead, "rejected", rejected.Detail, Spent: 1),

            SendResult.Unreachable { MigratedTo: { } moved } migrated => new(
                message, MessageState.Retry, "migrated", migrated.Detail, Spent: 1,
                RecipientTrouble: new(null, true, migrated.Detail, moved)),

            SendResult.Unreachable unreachable => new(
                message, MessageState.Dead, "unreachable", unreachable.Detail, Spent: 1,
                RecipientTrouble: new(null, true, unreachable.Detail)),

            SendResult.ChannelBroken broken => new(
                message, MessageState.Retry, "channel broken", broken.Detail, Delay: options.BrokenChannelProbe,
                ChannelTrouble: new(options.BrokenChannelProbe, broken.Detail, Broken: true)),

            // Repeating an edit shows the same text again: no doubt worth holding.
            SendResult.Uncertain uncertain when message.Operation == DeliveryOperation.Edit => TryAgain(uncertain.Detail, "uncertain edit"),

            SendResult.Uncertain uncertain when policy == UncertainPolicy.Resend => new(
                message, MessageState.Dead, "uncertain, resent", uncertain.Detail, Spent: 1, Resend: true),

            SendResult.Uncertain uncertain => new(message, MessageState.Uncertain, "uncertain", uncertain.Detail, Spent: 1),

            _ => throw new ArgumentOutOfRangeException(nameof(result), result, "Not a send result."),
        };

        Settlement Throttled(SendResult.Throttled throttled, bool recipientOnly) => recipientOnly
            ? new(message, MessageState.Retry, "throttled", throttled.Detail, Delay: throttled.Delay,
                RecipientTrouble: new(throttled.Delay, false, throttled.Detail))
            : new(message, MessageState.Retry, "throttled", throttled.Detail, Delay: throttled.Delay + OthersFirst,
                ChannelTrouble: new(throttled.Delay, throttled.Detail, Broken: false));

        Settlement TryAgain(string detail, string outcome) => failures >= options.MaxAttempts
            ? new(message, MessageState.Dead, outcome, $"{detail} (attempt {failures} of {options.MaxAttempts})", Spent: 1)
            : new(message, MessageState.Retry, outcome, detail, Delay: RetryPolicy.Delay(failures, options, random), Spent: 1);
    }
}
