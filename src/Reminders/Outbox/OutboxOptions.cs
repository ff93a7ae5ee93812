using Reminders.Channels;

namespace Reminders.Outbox;

/// <summary>How a node delivers, per channel. Section <c>Outbox</c>.</summary>
public sealed class OutboxOptions
{
    /// <summary>How many messages one claim takes at most. Messages; default 300, 1 to 2000.</summary>
    public int BatchSize { get; set; } = 300;

    /// <summary>
    /// The in-flight window: how many messages may be between the commit of <c>send_started_at</c> and the commit of their
    /// outcome, per channel and node. With <see cref="SlowInFlight"/> on top it is the most that a kill leaves in doubt, and without it
    /// while every call is answered within <see cref="SlowAfter"/>. Messages, 1 to 1000. Unset it is 16; on a channel without limits
    /// it then begins with 16 and grows, up to 128, by one for each message that is delivered, until one is not answered.
    /// </summary>
    public int? InFlight { get; set; }

    /// <summary>
    /// How many calls that are not answered yet may stand beside <see cref="InFlight"/>, so that a few chats whose calls hang
    /// do not hold up the others. While nothing else is heard of the provider either, it is asked first. Messages; default 16,
    /// 0 to 1000; 0 lets them count like any other.
    /// </summary>
    public int SlowInFlight { get; set; } = 16;

    /// <summary>From when on a call counts as not answered yet. Its recipient gets no second one meanwhile. Default 2 seconds, at least 100
    /// milliseconds.</summary>
    public TimeSpan SlowAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a claimed message that has not started is kept from other nodes. Default 10 seconds, at least 2.</summary>
    public TimeSpan ClaimLease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a started message may take before it counts as in doubt. Default 25 seconds; must exceed the channel's
    /// own send timeout, or a slow success would be held.
    /// </summary>
    public TimeSpan SendLease { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How often an idle node polls, in case a NOTIFY was lost. Default 2 seconds.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Definite failures after which a message is dead. Tries; default 8, at least 1.</summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>The first wait after a definite failure; it doubles each time, with jitter. Default 1 second.</summary>
    public TimeSpan RetryBase { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries. Default 5 minutes.</summary>
    public TimeSpan RetryCap { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a broken channel (401) rests between two probes. Default 5 seconds.</summary>
    public TimeSpan BrokenChannelProbe { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After how many attempts in a row that nobody answered (time-outs, resets, 5xx, refused connections), to more than one
    /// recipient and with nothing delivered between, a channel rests: its queue is kept, and one probe at a time asks whether it
    /// is well. Attempts; default 5, at least 0; 0 lets it go on for ever.
    /// </summary>
    public int DoubtsUntilRest { get; set; } = 5;

    /// <summary>The first wait for the probe of a channel that rests; it doubles each time in vain. Default 1 second.</summary>
    public TimeSpan RestBase { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest wait between two probes of a channel that rests; six times that after a probe that was a message, which is in
    /// doubt then. Default 10 seconds, at most 1 hour.
    /// </summary>
    public TimeSpan RestCap { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The cluster's limits, by channel: <c>Limits:telegram:PerSecond</c>. Default: what each channel's provider allows
    /// (<see cref="ChannelTraits.Limits"/>).
    /// </summary>
    public IDictionary<string, ChannelLimits> Limits { get; set; } = new Dictionary<string, ChannelLimits>(StringComparer.Ordinal);

    /// <summary>The defaults, among them what the channels' providers allow.</summary>
    internal static OutboxOptions For(ChannelCatalog channels) =>
        new()
        {
            Limits = channels
                .All.Where(channel => channel.Limits.AreSet)
                .ToDictionary(channel => channel.Name, channel => channel.Limits.Copy(), StringComparer.Ordinal),
        };

    /// <summary>The window that a channel begins with, and what it may grow to.</summary>
    internal (int First, int Most) InFlightOf(string channel) =>
        InFlight is { } set ? (set, set) : (16, LimitsOf(channel).AreSet ? 16 : 128);

    internal ChannelLimits LimitsOf(string channel) => Limits.TryGetValue(channel, out var limits) ? limits : ChannelLimits.None;

    internal IEnumerable<string> Problems()
    {
        if (BatchSize is < 1 or > 2000)
        {
            yield return $"Outbox:BatchSize is {BatchSize}: it must be between 1 and 2000 messages.";
        }

        if (InFlight is < 1 or > 1000)
        {
            yield return $"Outbox:InFlight is {InFlight}: it must be between 1 and 1000 messages.";
        }

        if (SlowInFlight is < 0 or > 1000)
        {
            yield return $"Outbox:SlowInFlight is {SlowInFlight}: it must be between 0 and 1000 messages.";
        }

        if (SlowAfter < TimeSpan.FromMilliseconds(100) || SlowAfter > TimeSpan.FromMinutes(5))
        {
            yield return $"Outbox:SlowAfter is {SlowAfter}: it must be between 100 milliseconds and 5 minutes.";
        }

        if (DoubtsUntilRest < 0)
        {
            yield return $"Outbox:DoubtsUntilRest is {DoubtsUntilRest}: it must be at least 0; 0 means never.";
        }

        if (RestBase <= TimeSpan.Zero || RestCap < RestBase || RestCap > SendResult.LongestWait)
        {
            yield return $"Outbox:RestBase is {RestBase} and Outbox:RestCap {RestCap}: the first must be "
                + "positive and not "
                + "above the second, which must be at most 1 hour.";
        }

        if (ClaimLease < TimeSpan.FromSeconds(2))
        {
            yield return $"Outbox:ClaimLease is {ClaimLease}: it must be at least 2 seconds.";
        }

        if (SendLease < ClaimLease)
        {
            yield return $"Outbox:SendLease is {SendLease}: it must be at least Outbox:ClaimLease ({ClaimLease}).";
        }

        if (MaxAttempts < 1)
        {
            yield return $"Outbox:MaxAttempts is {MaxAttempts}: it must be at least 1.";
        }

        if (RetryBase <= TimeSpan.Zero || RetryCap < RetryBase)
        {
            yield return $"Outbox:RetryBase is {RetryBase} and Outbox:RetryCap {RetryCap}: the first must be "
                + "positive and "
                + "not above the second.";
        }

        if (PollInterval <= TimeSpan.Zero)
        {
            yield return $"Outbox:PollInterval is {PollInterval}: it must be positive.";
        }

        foreach (var (channel, limits) in Limits)
        {
            if (limits.PerSecond < 0 || limits.PerRecipientInterval < TimeSpan.Zero)
            {
                yield return $"Outbox:Limits:{channel}: PerSecond ({limits.PerSecond}) and "
                    + "PerRecipientInterval "
                    + $"({limits.PerRecipientInterval}) must not be negative; 0 means no limit.";
            }
        }
    }
}
