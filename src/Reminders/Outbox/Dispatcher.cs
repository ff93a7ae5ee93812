using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Storage;
using Reminders.Zones;

namespace Reminders.Outbox;

/// <summary>
/// Delivers one channel's messages from this node: claim → start → render → send → settle. Two loops share the work: one
/// claims batches ahead, the other keeps a window of at most <see cref="OutboxOptions.InFlight"/> messages, and slow ones beside
/// it, between the commit of their start and the commit of their outcome. Each turn of the window is one commit, which settles what came
/// back and starts what takes its place.
/// </summary>
internal sealed partial class Dispatcher(
    ISender sender, OutboxStore store, OneByOne oneByOne, ChannelRest rest, MessageRenderer renderer, ZoneAgreement zones, KindCatalog kinds,
    OutboxOptions options, Signals signals, LoopWatch loops, Outages outages, TimeProvider time, DispatcherMetrics metrics, ILogger<Dispatcher> logger)
    : BackgroundService
{
    // A claim that finds nothing while something is due has met a row that another node has locked, or that is left alone: it
    // comes again soon, and then less soon, but never in a spin.
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMilliseconds(500);

    // On stop, for outcomes that the database does not take: well within what a host waits for all of its services.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Channel<Claim> claimed = Channel.CreateBounded<Claim>(new BoundedChannelOptions(Ready(options, sender)) { SingleReader = true });
    private readonly Channel<Settlement> outcomes = Channel.CreateUnbounded<Settlement>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Signal wake = signals.Outbox[sender.Channel];
    private readonly Signal work = new();
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(1);
    private readonly List<Claim> unstarted = [];
    private int inFlight;
    private readonly Pace pace = new(time);
    private readonly WindowRoom room = new(options, sender is IChannelProbe, time);
    private Task asking = Task.CompletedTask;
    private volatile bool heard;
    private readonly string what = $"Dispatch over {sender.Channel}";
    private readonly string channel = $"The channel {sender.Channel}";

    // Beats for what got done, or for nothing to do. A window that fails with its hands full keeps the claims from beating for it.
    private readonly LoopWatch.Pulse pulse = loops.Add($"dispatch {sender.Channel}", options.SendLease + options.PollInterval + TimeSpan.FromSeconds(5));
    private volatile bool handsFull;
    private readonly TextCapacity capacity = kinds.Channels.Of(sender.Channel).Capacity;

    /// <summary>
    /// Under a limit a node's first message goes alone: it opens the connection and compiles the way there, which takes
    /// as long as the next few messages are apart. Unless it hangs: then it is not the way.
    /// </summary>
    private int Window => options.LimitsOf(sender.Channel).PerSecond > 0 && !pace.IsKnown && !room.IsSlow ? 1 : options.InFlight;

    /// <summary>With a limit, no more is claimed than goes at once: the rest is better off with other nodes.</summary>
    private static int Ready(OutboxOptions options, ISender sender) =>
        Math.Min(options.LimitsOf(sender.Channel).Ready ?? options.BatchSize, options.BatchSize);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var claiming = ClaimAheadAsync(stoppingToken);
        await TurnTheWindowAsync(stoppingToken);
        await claiming;
        await GiveBackAsync();
    }

    private async Task ClaimAheadAsync(CancellationToken stoppingToken)
    {
        var shortIdle = ShortestIdle;
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var claims = await store.ClaimAsync(sender.Channel, Ready(options, sender), stoppingToken);
                metrics.Claimed(claims.Count);
                foreach (var claim in claims)
                {
                    await claimed.Writer.WriteAsync(claim, stoppingToken);
                    work.Set();
                }
                failures = 0;
                if (claims.Count > 0)
                {
                    shortIdle = ShortestIdle;
                    continue;
                }
                await AskWhetherItIsWellAsync(stoppingToken);
                var idle = await store.NextDueAsync(sender.Channel, stoppingToken) ?? options.PollInterval;
                if (!handsFull)
                {
                    pulse.Beat();
                    outages.Works(what);
                }
                if (idle <= TimeSpan.Zero)
                {
                    idle = shortIdle;
                    shortIdle = shortIdle * 2 < LongestIdle ? shortIdle * 2 : LongestIdle;
                }
                else
                    shortIdle = ShortestIdle;
                await wake.WaitAsync(idle < options.PollInterval ? idle : options.PollInterval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                await RestAsync(exception, ++failures, stoppingToken);
            }
        }
        work.Set();
    }

    private async Task TurnTheWindowAsync(CancellationToken stoppingToken)
    {
        var settlements = new List<Settlement>();
        var claims = new List<Claim>();
        var gathered = false;
        var failures = 0;
        long? failingSince = null;
        // On stop nothing new starts, and what is in flight is waited for: its outcome is worth more than a fast exit.
        while (!stoppingToken.IsCancellationRequested || inFlight > 0)
        {
            try
            {
                if (heard)
                {
                    heard = false;
                    room.Heard();
                }
                if (stoppingToken.IsCancellationRequested)
                {
                    unstarted.AddRange(claims);
                    claims.Clear();
                }
                while (settlements.Count < options.BatchSize && outcomes.Reader.TryRead(out var settlement))
                    settlements.Add(settlement);
                while (!stoppingToken.IsCancellationRequested
                    && claims.Count < Math.Min(Ready(options, sender), room.Left(Window) + settlements.Count) && claimed.Reader.TryRead(out var claim))
                    claims.Add(claim);
                var slow = room.TakeSlow();
                if (room.Suspects && asking.IsCompleted && sender is IChannelProbe probe)
                    asking = AskMeanwhileAsync(probe, stoppingToken);
                handsFull = settlements.Count > 0 || claims.Count > 0;
                if (!handsFull && slow.Count == 0)
                {
                    if (room.UntilSlow() is { } untilSlow)
                        await work.WaitAsync(untilSlow, time, CancellationToken.None);
                    else
                        await work.WaitAsync(CancellationToken.None);
                    gathered = false;
                    continue;
                }
                if (!gathered && slow.Count == 0 && inFlight >= options.InFlight / 2 && settlements.Count < inFlight / 2)
                {
                    // Busy, and most of the window is still out: a moment later one commit settles several times as many.
                    gathered = true;
                    await Task.Delay(Gather, time, CancellationToken.None);
                    continue;
                }
                gathered = false;

                var began = time.GetTimestamp();
                var late = claims.Count > 0 ? pace.TakeLateness() : TimeSpan.Zero;
                var exchange = await ExchangeAsync(settlements, claims, late, slow);
                pulse.Beat();
                outages.Works(what);
                (failures, failingSince, handsFull) = (0, null, false);
                metrics.Exchanged(settlements, exchange.Started.Count, time.GetElapsedTime(began));
                if (exchange.Started.Count > 0)
                    pace.Heard(exchange.Started[^1].StartedAt);
                inFlight -= settlements.Count;
                settlements.ForEach(room.Ended);
                settlements.Clear();
                claims.Clear();
                claims.AddRange(exchange.Waiting);
                foreach (var message in exchange.Started)
                {
                    inFlight++;
                    room.Began(message);
                    _ = DeliverAsync(message, began);
                }
                if (exchange.Events)
                    signals.Due.Set();
                if (exchange.Rests)
                {
                    metrics.Rests(sender.Channel);
                    LogRests(sender.Channel, options.DoubtsUntilRest);
                    wake.Set();
                }
                if (claims.Count > 0)
                    await Task.Delay(exchange.Wait + TimeSpan.FromMilliseconds(1), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                failingSince ??= time.GetTimestamp();
                if (stoppingToken.IsCancellationRequested && time.GetElapsedTime(failingSince.Value) > Farewell)
                {
                    LogLeft(settlements.Count, sender.Channel, OutsideText.Clean(exception.Message));
                    break;
                }
                // Nothing is lost: the same settlements and claims are exchanged again, and both halves are compare-and-set.
                await RestAsync(exception, ++failures, stoppingToken);
            }
        }
        unstarted.AddRange(claims);
    }

    /// <summary>All of it in one commit. Should the database refuse something in it, then in as many as it takes to leave that out.</summary>
    private async Task<Exchange> ExchangeAsync(
        List<Settlement> settlements, List<Claim> claims, TimeSpan late, IReadOnlyCollection<string> slow)
    {
        try
        {
            return await store.ExchangeAsync(sender.Channel, settlements, claims, CancellationToken.None, late, slow);
        }
        catch (PostgresException refusal) when (Isolation.IsRefusal(refusal))
        {
            var events = await oneByOne.SettleAsync(sender.Channel, settlements);
            var exchange = await oneByOne.StartAsync(sender.Channel, claims);
            return exchange with { Events = exchange.Events || events };
        }
    }

    /// <summary>Owned by the window: every message it starts comes back through <see cref="outcomes"/>, whatever happens.</summary>
    /// <param name="asked">When the start was asked for: the lease ends no sooner than a lease's length from then.</param>
    private async Task DeliverAsync(StartedMessage message, long asked)
    {
        var settlement = TryRender(message, out var rendered) ?? await ZoneTroubleAsync(message, rendered);
        if (settlement is null && message.Paced)
        {
            // After rendering, which takes a node's first message long enough to run into the next one's instant.
            var instant = await InstantAsync(message);
            settlement = TooLate(message, asked) ?? await SendAsync(message, rendered.Delivery, asked);
            pace.Sent(instant);
        }
        settlement ??= TooLate(message, asked) ?? await SendAsync(message, rendered.Delivery, asked);
        outcomes.Writer.TryWrite(settlement);
        work.Set();
    }

    /// <summary>
    /// Waits for the message's instant. A node that was not scheduled in time lets it go and asks for another: nothing has
    /// left it yet. Once, because a machine that busy would only use up everybody's instants.
    /// </summary>
    private async Task<TimeSpan> InstantAsync(StartedMessage message)
    {
        var instant = await pace.UntilAsync(message.StartedAt + message.StartIn);
        if (!pace.IsMissed(instant))
            return instant;
        try
        {
            var (other, now) = await store.AnotherInstantAsync(sender.Channel, CancellationToken.None);
            pace.Heard(now);
            return await pace.UntilAsync(other);
        }
        catch (Exception exception)
        {
            // Late it goes all the same; the limit is told by how much.
            outages.Failed(what, exception);
            return instant;
        }
    }

    /// <summary>Nothing has left the node yet: whatever goes wrong here is no doubt, and no other message's trouble.</summary>
    private Settlement? TryRender(StartedMessage message, out RenderedMessage rendered)
    {
        rendered = default;
        try
        {
            rendered = renderer.Render(message, capacity);
            return null;
        }
        catch (UnknownZoneException exception)
        {
            return WaitForZone(message, exception.Message);
        }
        catch (Exception exception)
        {
            LogUnrenderable(exception, message.Claim.Id);
            return new(message, MessageState.Dead, "cannot be rendered", exception.Message, Spent: 1);
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
            return new(message, MessageState.Retry, "not sent", $"the time zone could not be checked: {exception.Message}", Delay: options.RetryBase);
        }
    }

    /// <summary>Another node may know the zone, or an administrator mends this one: the message waits, and doctor says so.</summary>
    private Settlement WaitForZone(StartedMessage message, string problem)
    {
        LogZone(message.Claim.Id, problem);
        return new(message, MessageState.Retry, ZoneAgreement.Outcome, problem, Delay: ZoneAgreement.Kept);
    }

    /// <summary>
    /// A process that was stopped after its start was committed wakes up believing it may send. By then the message is held
    /// as a doubt, and an operator may have sent it again: what has lost its lease stays here.
    /// </summary>
    private Settlement? TooLate(StartedMessage message, long asked) => time.GetElapsedTime(asked) < options.SendLease
        ? null
        : new(message, MessageState.Retry, "not sent", "the lease ran out before the first byte");

    private async Task<Settlement> SendAsync(StartedMessage message, Delivery delivery, long asked)
    {
        try
        {
            var began = time.GetTimestamp();
            var result = await PartedSend.SendAsync(
                sender, delivery, options.LimitsOf(sender.Channel).PerRecipientInterval, () => TooLate(message, asked) is null, time);
            metrics.Sent(time.GetElapsedTime(began));
            if (result is SendResult.ChannelBroken broken)
                outages.Failed(channel, $"it is broken and rests, its queue kept ({broken.Detail})");
            else if (result is SendResult.Sent)
                outages.Works(channel);
            var policy = kinds.Find(message.Kind)!.Uncertain.TryGetValue(sender.Channel, out var declared) ? declared : UncertainPolicy.Hold;
            return Verdicts.Settle(message, result, policy, options, Random.Shared.NextDouble());
        }
        catch (Exception exception)
        {
            // A bug in a sender: bytes may have left, so nobody can know.
            LogSenderThrew(exception, message.Claim.Id);
            return new(message, MessageState.Uncertain, "sender failed", exception.Message, Spent: 1, Unanswered: true);
        }
    }

    /// <summary>Is it these recipients, or everybody? Asked beside the window, and not again before another call could be slow.</summary>
    private async Task AskMeanwhileAsync(IChannelProbe probe, CancellationToken stoppingToken)
    {
        try
        {
            heard = (await probe.ProbeAsync(stoppingToken)).IsWell;
            if (!heard)
                await Task.Delay(options.SlowAfter, time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            outages.Failed(what, exception);
        }
        work.Set();
    }

    private async Task AskWhetherItIsWellAsync(CancellationToken stoppingToken)
    {
        if (await rest.ProbeAsync(sender, stoppingToken) is not { } found)
            return;
        if (found.IsWell)
            LogAnswers(sender.Channel);
        else
            LogStillRests(sender.Channel, found.Detail);
    }

    private async Task GiveBackAsync()
    {
        var claims = unstarted;
        while (claimed.Reader.TryRead(out var claim))
            claims.Add(claim);
        if (claims.Count == 0)
            return;
        try
        {
            await store.ReleaseAsync(claims, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotGivenBack(claims.Count, OutsideText.Clean(exception.Message));
        }
    }

    /// <summary>Also when it stops: cut short by the stop it would be no rest at all, and the loop a spin.</summary>
    private async Task RestAsync(Exception exception, int failures, CancellationToken stoppingToken)
    {
        outages.Failed(what, exception);
        await Task.Delay(
                RetryPolicy.Rest(failures, Random.Shared.NextDouble()), time, stoppingToken.IsCancellationRequested ? CancellationToken.None : stoppingToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(3001, LogLevel.Warning, "Stopped with {Count} outcomes over {Channel} that the database did not take ({Reason}); their leases make them doubts")]
    private partial void LogLeft(int count, string channel, string reason);

    [LoggerMessage(3002, LogLevel.Error, "The sender threw on message {MessageId}; it is held as uncertain")]
    private partial void LogSenderThrew(Exception exception, long messageId);

    [LoggerMessage(3004, LogLevel.Error, "Message {MessageId} cannot be rendered and is dead")]
    private partial void LogUnrenderable(Exception exception, long messageId);

    [LoggerMessage(3006, LogLevel.Warning, "Message {MessageId} waits: {Problem}. Nothing is guessed; bring the time zone data up to date")]
    private partial void LogZone(long messageId, string problem);

    [LoggerMessage(3009, LogLevel.Error, "{Channel} has not answered for {Count} or more attempts in a row and rests, its queue kept")]
    private partial void LogRests(string channel, int count);

    [LoggerMessage(3010, LogLevel.Information, "{Channel} answers again: one message goes first, the others after it")]
    private partial void LogAnswers(string channel);

    [LoggerMessage(3011, LogLevel.Warning, "{Channel} still rests: {Reason}")]
    private partial void LogStillRests(string channel, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "{Count} claimed messages were not given back ({Reason}); their lease frees them")]
    private partial void LogNotGivenBack(int count, string reason);
}
