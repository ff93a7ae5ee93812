using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Nodes;

namespace Reminders.Outbox;

/// <summary>
/// Keeps a window of at most <see cref="OutboxOptions.InFlight"/> messages, and slow ones beside it, between the commit of their start and
/// the commit of their outcome. Each turn of it (<see cref="Turns"/>) is one commit, which settles what came back and starts what takes its
/// place: what was claimed, and where the channel has no limits what is due in the ledger (<see cref="DueTaker"/>).
/// </summary>
internal sealed partial class WindowLoop(
    ISender sender,
    InHand hand,
    ChannelWriter<Settlement> outcomes,
    DueTaker taker,
    Turns turns,
    Deliverer deliverer,
    SendMemory memory,
    DispatchLife life,
    OutboxOptions options,
    Signals signals,
    Outages outages,
    TimeProvider time,
    DispatcherMetrics metrics,
    ILogger logger
)
{
    // On stop, for outcomes that the database does not take: well within what a host waits for all of its services.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly InFlightWindow _window = new(sender.Channel, options, sender is IChannelProbe, time);
    private readonly Signal _wake = signals.Outbox[sender.Channel];
    private int _inFlight;
    private int _failures;
    private long? _failingSince;
    private long _rested;
    private bool _gathered;
    private Task _asking = Task.CompletedTask;
    private volatile bool _heard;

    /// <summary>
    /// Under a limit a node's first message goes alone: it opens the connection and compiles the way there, which takes
    /// as long as the next few messages are apart. Unless it hangs: then it is not the way.
    /// </summary>
    private int Size => options.LimitsOf(sender.Channel).PerSecond > 0 && !deliverer.Pace.IsKnown && !_window.IsSlow ? 1 : _window.Size;

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        // On stop nothing new starts, and what is in flight is waited for: its outcome is worth more than a fast exit.
        while (!stoppingToken.IsCancellationRequested || _inFlight > 0 || turns.Count > 0)
        {
            try
            {
                if (!turns.TryEnd(out var ended))
                {
                    await BeginAsync(stoppingToken);
                }
                else if (!await EndAsync(ended, stoppingToken))
                {
                    break;
                }
            }
            catch (Exception exception)
            {
                await life.RestAsync(exception, ++_failures, stoppingToken);
            }
        }
    }

    /// <summary>Begins the next turn, or waits until there is reason to.</summary>
    private async Task BeginAsync(CancellationToken stoppingToken)
    {
        if (_heard)
        {
            _heard = false;
            _window.Heard();
        }
        _window.Forget();
        var left = _window.Left(Size);
        Gather(left, stoppingToken.IsCancellationRequested);
        if (_window.Suspects && _asking.IsCompleted && sender is IChannelProbe probe)
        {
            _asking = AskMeanwhileAsync(probe, stoppingToken);
        }

        var most = Math.Min(turns.Room(left, hand.Settling), options.BatchSize);
        var starting = Math.Min(hand.Claims, most);
        // While there is plenty a turn takes its share, and leaves the next one something to begin with beside it.
        var room = stoppingToken.IsCancellationRequested ? 0 : Math.Min(most - starting, taker.IsPlenty ? turns.Share(_window.Size) : most);
        var ready = hand.Settling + starting + (taker.IsPlenty && taker.HasReason(room) ? room : 0);
        if (turns.Count > 0 && (_failures > 0 || !turns.MayBegin(ready, _window.Size)))
        {
            await turns.Work.WaitAsync(CancellationToken.None);
            return;
        }

        var slow = _window.TakeSlow();
        var handsFull = hand.Settling > 0 || starting > 0;
        life.Holds(handsFull || turns.Count > 0);
        if (!handsFull && slow.Count == 0 && !taker.HasReason(room))
        {
            await WaitAsync();
            _gathered = false;
            return;
        }
        if (!_gathered && slow.Count == 0 && turns.Count == 0 && _inFlight >= _window.Size / 2 && hand.Settling < _inFlight / 2)
        {
            // Busy, and most of the window is still out: a moment later one commit settles several times as many.
            _gathered = true;
            await Task.Delay(Moment, time, CancellationToken.None);
            return;
        }
        _gathered = false;
        var late = starting > 0 ? deliverer.Pace.TakeLateness() : TimeSpan.Zero;
        var take = taker.Next(room);
        var (settlements, claims) = hand.HandOver(starting);
        turns.Begin(new(settlements, claims, take, time.GetTimestamp(), late, slow));
    }

    /// <summary>What came back, and as many claims as there is room for.</summary>
    private void Gather(int left, bool stopping)
    {
        hand.GatherOutcomes();
        if (stopping)
        {
            hand.LayClaimsDown();
        }
        else
        {
            hand.GatherClaims(turns.Room(left, hand.Settling));
        }
    }

    private async Task WaitAsync()
    {
        if (_window.UntilSlow() is { } untilSlow)
        {
            await turns.Work.WaitAsync(untilSlow, time, CancellationToken.None);
        }
        else
        {
            await turns.Work.WaitAsync(CancellationToken.None);
        }
    }

    /// <returns>Whether to go on.</returns>
    private async Task<bool> EndAsync(EndedTurn ended, CancellationToken stoppingToken)
    {
        var turn = ended.Turn;
        if (ended.Exchange is not { } exchange)
        {
            return await FailAsync(turn, ended.Failure!, stoppingToken);
        }

        life.Holds(turns.Count > 0);
        life.Works();
        (_failures, _failingSince) = (0, null);
        metrics.Exchanged(turn.Settlements, exchange.Started.Count, time.GetElapsedTime(turn.Began));
        if (exchange.Now is { } now)
        {
            deliverer.Pace.Heard(now);
        }

        _inFlight -= turn.Settlements.Count;
        foreach (var settlement in turn.Settlements)
        {
            _window.Ended(settlement);
        }

        hand.TakeBack(exchange.Waiting);
        Deliver(exchange.Started, turn.Began);
        Tell(ended, exchange);
        if (exchange.Waiting.Count > 0)
        {
            await Task.Delay(exchange.Wait + TimeSpan.FromMilliseconds(1), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return true;
    }

    /// <summary>Whoever has something to do now.</summary>
    private void Tell(EndedTurn ended, SettledAndStarted exchange)
    {
        var turn = ended.Turn;
        if (exchange.Taken is { } taken && taker.Took(turn.Take!, taken, time.GetElapsedTime(turn.Began)))
        {
            _wake.Set();
        }

        if (ended.TakeRefused)
        {
            // Firing isolates what is refused, and what it writes is claimed.
            taker.Refused();
        }

        if (exchange.Events || ended.TakeRefused)
        {
            signals.Due.Set();
        }

        if (exchange.Rests)
        {
            metrics.Rests(sender.Channel);
            LogRests(sender.Channel, options.DoubtsUntilRest);
            _wake.Set();
        }
    }

    /// <summary>Nothing is lost: the same settlements and claims are exchanged again, and both halves are compare-and-set.</summary>
    /// <returns>Whether to try again.</returns>
    private async Task<bool> FailAsync(Turn turn, Exception failure, CancellationToken stoppingToken)
    {
        if (turn.Take is { } take)
        {
            taker.Unheard(take);
        }

        hand.TakeBack(turn);
        _failingSince ??= time.GetTimestamp();
        if (stoppingToken.IsCancellationRequested && time.GetElapsedTime(_failingSince.Value) > Farewell)
        {
            LogLeft(hand.Settling, sender.Channel, OutsideText.Clean(failure.Message));
            return false;
        }

        // What began before the last rest met the same trouble.
        if (turn.Began >= _rested)
        {
            await life.RestAsync(failure, ++_failures, stoppingToken);
            _rested = time.GetTimestamp();
        }

        return true;
    }

    private void Deliver(IReadOnlyList<StartedMessage> started, long asked)
    {
        var remembered = memory.Began(sender.Channel, started);
        for (var i = 0; i < started.Count; i++)
        {
            _inFlight++;
            _window.Began(started[i]);
            _ = DeliverAsync(started[i], remembered[i], asked);
        }
    }

    /// <summary>Every message that is started comes back through the outcomes, whatever happens.</summary>
    private async Task DeliverAsync(StartedMessage message, RememberedSend? remembered, long asked)
    {
        var outcome = await deliverer.DeliverAsync(message, asked);
        memory.Ended(remembered, outcome);
        outcomes.TryWrite(outcome);
        turns.Work.Set();
    }

    /// <summary>Is it these recipients, or everybody? Asked beside the window, and not again before another call could be slow.</summary>
    private async Task AskMeanwhileAsync(IChannelProbe probe, CancellationToken stoppingToken)
    {
        try
        {
            _heard = (await probe.ProbeAsync(stoppingToken)).IsWell;
            if (!_heard)
            {
                await Task.Delay(options.SlowAfter, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        catch (Exception exception)
        {
            outages.Failed(life.What, exception);
        }
        turns.Work.Set();
    }

    [LoggerMessage(
        3001,
        LogLevel.Warning,
        "Stopped with {Count} outcomes over {Channel} that the database did not take ({Reason}); their leases make them doubts"
    )]
    private partial void LogLeft(int count, string channel, string reason);

    [LoggerMessage(3013, LogLevel.Error, "{Channel} has not answered for {Count} or more attempts in a row and rests, its queue kept")]
    private partial void LogRests(string channel, int count);
}
