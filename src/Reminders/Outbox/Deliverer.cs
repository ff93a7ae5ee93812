using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Words;
using Reminders.Zones;

namespace Reminders.Outbox;

/// <summary>
/// Takes one started message to its provider: render, wait for its instant, send. Whatever happens on the way is an outcome, and a
/// doubt only once a byte may have left.
/// </summary>
internal sealed partial class Deliverer(
    ISender sender,
    OutboxStore store,
    MessageRenderer renderer,
    ZoneAgreement zones,
    KindCatalog kinds,
    OutboxOptions options,
    Outages outages,
    TimeProvider time,
    DispatcherMetrics metrics,
    ILogger<Dispatcher> logger
)
{
    private readonly string _channel = $"The channel {sender.Channel}";
    private readonly ChannelTraits _traits = kinds.Channels.Of(sender.Channel);

    /// <summary>By which an outage of this work is told, and its end.</summary>
    public string What { get; } = $"Dispatch over {sender.Channel}";

    /// <summary>Of this node on this channel.</summary>
    public Pace Pace { get; } = new(time);

    /// <param name="asked">When the start was asked for: the lease ends no sooner than a lease's length from then.</param>
    public async Task<Settlement> DeliverAsync(StartedMessage message, long asked)
    {
        if ((TryRender(message, out var rendered) ?? await ZoneTroubleAsync(message, rendered)) is { } unsent)
        {
            return unsent;
        }
        if (!message.Paced)
        {
            return TooLate(message, asked) ?? await SendAsync(message, rendered.Delivery, asked);
        }
        // After rendering, which takes a node's first message long enough to run into the next one's instant.
        var instant = await InstantAsync(message);
        var settlement = TooLate(message, asked) ?? await SendAsync(message, rendered.Delivery, asked);
        return Pace.Sent(instant) ? settlement with { Late = true } : settlement;
    }

    /// <summary>
    /// Waits for the message's instant. A node that was not scheduled in time lets it go and asks for another: nothing has
    /// left it yet. Once, because a machine that busy would only use up everybody's instants.
    /// </summary>
    private async Task<TimeSpan> InstantAsync(StartedMessage message)
    {
        var instant = await Pace.UntilAsync(message.StartedAt + message.StartIn);
        if (!Pace.IsMissed(instant))
        {
            return instant;
        }

        try
        {
            var (other, now) = await store.AnotherInstantAsync(sender.Channel, CancellationToken.None);
            Pace.Heard(now);
            return await Pace.UntilAsync(other);
        }
        catch (Exception exception)
        {
            // Late it goes all the same; the limit is told by how much.
            outages.Failed(What, exception);
            return instant;
        }
    }

    /// <summary>Nothing has left the node yet: whatever goes wrong here is no doubt, and no other message's trouble.</summary>
    private Settlement? TryRender(StartedMessage message, out RenderedMessage rendered)
    {
        rendered = default;
        try
        {
            rendered = renderer.Render(message, _traits);
            return null;
        }
        catch (UnknownZoneException exception)
        {
            return WaitForZone(message, Reasons.Of("zone_unknown", exception.Zone));
        }
        catch (Exception exception)
        {
            LogUnrenderable(exception, message.Claim.Id);
            return new(message, MessageState.Dead, "cannot be rendered", MessageRenderer.WhyNot(exception), Spent: 1);
        }
    }

    private async ValueTask<Settlement?> ZoneTroubleAsync(StartedMessage message, RenderedMessage rendered)
    {
        try
        {
            return rendered.TellsTime && await zones.ProblemAsync(message.Zone, CancellationToken.None) is { } problem
                ? WaitForZone(message, problem)
                : null;
        }
        catch (Exception exception)
        {
            return new(message, MessageState.Retry, "not sent", Reasons.Of("zone_unchecked", exception.Message), Delay: options.RetryBase);
        }
    }

    /// <summary>Another node may know the zone, or an administrator mends this one: the message waits, and doctor says so.</summary>
    private Settlement WaitForZone(StartedMessage message, string problem)
    {
        LogZone(message.Claim.Id, Wording.English.Reason(problem)!);
        return new(message, MessageState.Retry, ZoneAgreement.Outcome, problem, Delay: ZoneAgreement.Kept);
    }

    /// <summary>
    /// A process that was stopped after its start was committed wakes up believing it may send. By then the message is held
    /// as a doubt, and an operator may have sent it again: what has lost its lease stays here.
    /// </summary>
    private Settlement? TooLate(StartedMessage message, long asked) =>
        time.GetElapsedTime(asked) < options.SendLease ? null : new(message, MessageState.Retry, "not sent", Reasons.Of("lease_over"));

    private async Task<Settlement> SendAsync(StartedMessage message, Delivery delivery, long asked)
    {
        try
        {
            var began = time.GetTimestamp();
            var result = await PartedSend.SendAsync(
                sender,
                delivery,
                options.LimitsOf(sender.Channel).PerRecipientInterval,
                () => TooLate(message, asked) is null,
                time
            );
            metrics.Sent(time.GetElapsedTime(began));
            if (result is SendResult.ChannelBroken broken)
            {
                outages.Failed(_channel, $"it is broken and rests, its queue kept ({broken.Detail})");
            }
            else if (result is SendResult.Sent)
            {
                outages.Works(_channel);
            }

            var policy = kinds.Find(message.Kind)!.Uncertain.TryGetValue(sender.Channel, out var declared)
                ? declared
                : UncertainPolicy.Hold;
            return Verdicts.Settle(message, result, policy, options, Random.Shared.NextDouble());
        }
        catch (Exception exception)
        {
            // A bug in a sender: bytes may have left, so nobody can know.
            LogSenderThrew(exception, message.Claim.Id);
            return new(message, MessageState.Uncertain, "sender failed", Reasons.Said(exception.Message), Spent: 1, Unanswered: true);
        }
    }

    [LoggerMessage(3002, LogLevel.Error, "The sender threw on message {MessageId}; it is held as uncertain")]
    private partial void LogSenderThrew(Exception exception, long messageId);

    [LoggerMessage(3004, LogLevel.Error, "Message {MessageId} cannot be rendered and is dead")]
    private partial void LogUnrenderable(Exception exception, long messageId);

    [LoggerMessage(3006, LogLevel.Warning, "Message {MessageId} waits: {Problem}. Nothing is guessed; bring the time zone data up to date")]
    private partial void LogZone(long messageId, string problem);
}
