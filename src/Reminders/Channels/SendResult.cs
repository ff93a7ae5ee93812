using System.Globalization;
using Reminders.Words;

namespace Reminders.Channels;

/// <summary>
/// What became of one attempt. The cases are exhaustive, and the outbox's state table (see Outbox/README.md) has one
/// transition for each. The dividing line is whether the provider may have accepted the message:
/// only a <em>definite</em> non-delivery may be tried again.
/// </summary>
/// <remarks>
/// Texts and ids in it come from outside, whichever sender made it. A text is kept in one line and to 1000 characters, without
/// what a table or a terminal would choke on; an id that could not be kept as it is, is null.
/// </remarks>
public abstract record SendResult
{
    private SendResult() { }

    /// <summary>Why, where the engine or a channel of its own says so, and not the provider: see <see cref="Reasons"/>.</summary>
    internal string? Code { get; init; }

    /// <summary>Why, as it is written down.</summary>
    internal string Why =>
        Code
        ?? Said(
            this switch
            {
                Throttled throttled => throttled.Detail,
                NotDelivered notDelivered => notDelivered.Detail,
                Rejected rejected => rejected.Detail,
                Unreachable unreachable => unreachable.Detail,
                ChannelBroken broken => broken.Detail,
                Uncertain uncertain => uncertain.Detail,
                _ => "",
            }
        );

    // Marked as somebody else's it still is as long as a text may be.
    private static string Said(string detail) => OutsideText.Clean(Reasons.Said(detail));

    /// <summary>Delivered: the provider answered 2xx and named the message.</summary>
    /// <param name="ProviderMessageId">
    /// The provider's name for it. One that is empty, longer than 256 characters or has control characters or half a character
    /// in it is none: the message is delivered all the same, but can be neither edited nor known again by it.
    /// </param>
    public sealed record Sent(string? ProviderMessageId) : SendResult
    {
        /// <summary>Null when it cannot be kept.</summary>
        public string? ProviderMessageId { get; } = OutsideText.IdOrNull(ProviderMessageId);

        /// <summary>How long an id was that cannot be kept.</summary>
        internal int? UnkeptLength { get; } = OutsideText.IdOrNull(ProviderMessageId) is null ? ProviderMessageId?.Length ?? 0 : null;

        /// <summary>What was wrong with the id; null when nothing was.</summary>
        public string? Remark { get; } =
            OutsideText.IdOrNull(ProviderMessageId) is null
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"delivered, but under an id that cannot be kept ({ProviderMessageId?.Length ?? 0} characters)"
                )
                : null;
    }

    /// <summary>Definitely not delivered, and asked to wait (429). Costs no attempt.</summary>
    /// <param name="Delay">
    /// How long the provider asked us to wait. Kept between <see cref="ShortestWait"/> (for 0 or less) and <see cref="LongestWait"/>:
    /// a provider has asked for 63 years, and after an hour one message asks again.
    /// </param>
    /// <param name="Scope">Who has to wait.</param>
    public sealed record Throttled(TimeSpan Delay, ThrottleScope Scope, string Detail) : SendResult
    {
        /// <inheritdoc cref="Throttled(TimeSpan, ThrottleScope, string)" path="/param[@name='Delay']"/>
        public TimeSpan Delay
        {
            get;
            init => field = Bounded(value);
        } = Bounded(Delay);

        /// <summary>The provider's words.</summary>
        public string Detail { get; } = OutsideText.Clean(Detail);
    }

    /// <summary>The longest that anything waits because a provider said so: an hour.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>What a wait of nothing, or less, counts as: the shortest that Telegram itself asks for.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    internal static TimeSpan Bounded(TimeSpan asked) =>
        asked <= TimeSpan.Zero ? ShortestWait
        : asked < LongestWait ? asked
        : LongestWait;

    /// <summary>Definitely not delivered, and worth another try: refused connection, DNS, TLS, a provider's retryable code.</summary>
    public sealed record NotDelivered(string Detail) : SendResult
    {
        /// <summary>
        /// Whether it speaks against the channel, as a doubt does: no answer at all (refused, DNS, TLS, a time-out before the first
        /// byte), or one that is not about this recipient ("service not available"). After a few in a row the channel rests.
        /// Default false: this recipient is to be tried later.
        /// </summary>
        public bool Unanswered { get; init; }

        /// <summary>Why.</summary>
        public string Detail { get; } = OutsideText.Clean(Detail);
    }

    /// <summary>Definitely not delivered, and never will be: this message is malformed for the provider.</summary>
    public sealed record Rejected(string Detail) : SendResult
    {
        /// <summary>Why.</summary>
        public string Detail { get; } = OutsideText.Clean(Detail);
    }

    /// <summary>Definitely not delivered: this recipient cannot be reached on this channel (blocked, deactivated, unknown chat).</summary>
    /// <param name="MigratedTo">The recipient's new address when the provider gave one (a group that became a supergroup).</param>
    public sealed record Unreachable(string Detail, string? MigratedTo = null) : SendResult
    {
        /// <summary>Why.</summary>
        public string Detail { get; } = OutsideText.Clean(Detail);

        /// <summary>Null also when it could not be kept.</summary>
        public string? MigratedTo { get; } = OutsideText.IdOrNull(MigratedTo);
    }

    /// <summary>Definitely not delivered, and nothing else will be: the channel itself is broken (token revoked). Costs no
    /// attempt.</summary>
    public sealed record ChannelBroken(string Detail) : SendResult
    {
        /// <summary>Why.</summary>
        public string Detail { get; } = OutsideText.Clean(Detail);
    }

    /// <summary>Nobody can know: a timeout, a reset after bytes were written, an unreadable reply, a 5xx.</summary>
    public sealed record Uncertain(string Detail) : SendResult
    {
        /// <summary>Why.</summary>
        public string Detail { get; } = OutsideText.Clean(Detail);
    }
}

/// <summary>Who a 429 concerns.</summary>
public enum ThrottleScope
{
    /// <summary>Every message of the channel, on every node.</summary>
    Channel = 0,

    /// <summary>Only this recipient.</summary>
    Recipient = 1,

    /// <summary>The provider does not say. The recipient waits, and the channel until one message to another has told whose limit it
    /// was.</summary>
    Unknown = 2,
}
