using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Nodes;
using Reminders.Zones;

namespace Reminders.Outbox;

/// <summary>
/// Delivers one channel's messages from this node: claim → start → render → send → settle. Two loops share the work: one
/// claims batches ahead, the other keeps a window of at most <see cref="OutboxOptions.InFlight"/> messages, and slow ones beside
/// it, between the commit of their start and the commit of their outcome. Each turn of the window (<see cref="Turns"/>) is one commit,
/// which settles what came back and starts what takes its place: what was claimed, and where the channel has no limits what is due in
/// the ledger (<see cref="DueTaker"/>).
/// </summary>
internal sealed partial class Dispatcher(
    ISender sender,
    OutboxStore store,
    SendMemory memory,
    OneByOne oneByOne,
    ChannelRest rest,
    Firing firing,
    DirectDispatch direct,
    PutAsides asides,
    MessageRenderer renderer,
    ZoneAgreement zones,
    KindCatalog kinds,
    OutboxOptions options,
    Signals signals,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    DispatcherMetrics metrics,
    ILogger<Dispatcher> logger
) : BackgroundService
{
    // A claim that finds nothing while something is due has met a row that another node has locked, or that is left alone: it
    // comes again soon, and then less soon, but never in a spin.
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMilliseconds(500);

    // On stop, for outcomes that the database does not take: well within what a host waits for all of its services.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Channel<Claim> _claimed = Channel.CreateBounded<Claim>(
        new BoundedChannelOptions(Ready(options, sender)) { SingleReader = true }
    );
    private readonly Channel<Settlement> _outcomes = Channel.CreateUnbounded<Settlement>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly Signal _wake = signals.Outbox[sender.Channel];
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    // What the next turn will settle and start: the window's loop owns them.
    private readonly List<Settlement> _settlements = [];
    private readonly List<Claim> _claims = [];
    private readonly List<Claim> _unstarted = [];
    private readonly Turns _turns = new(
        most: options.LimitsOf(sender.Channel).AreSet ? 1 : 2,
        new TurnCommit(sender.Channel, store, oneByOne, logger).CommitAsync
    );
    private int _inFlight;
    private int _failures;
    private long? _failingSince;
    private long _rested;
    private readonly Deliverer _deliverer = new(sender, store, renderer, zones, kinds, options, outages, time, metrics, logger);
    private readonly InFlightWindow _window = new(sender.Channel, options, sender is IChannelProbe, time);
    private readonly DueTaker _taker = new(sender.Channel, kinds, options, direct, asides, signals.Outbox[sender.Channel], time);
    private Task _asking = Task.CompletedTask;
    private volatile bool _heard;

    // Beats for what got done, or for nothing to do. A window that fails with its hands full keeps the claims from beating for it.
    private readonly LoopWatch.Pulse _pulse = loops.Add(
        $"dispatch {sender.Channel}",
        options.SendLease + options.PollInterval + TimeSpan.FromSeconds(5)
    );
    private volatile bool _handsFull;

    /// <summary>
    /// Under a limit a node's first message goes alone: it opens the connection and compiles the way there, which takes
    /// as long as the next few messages are apart. Unless it hangs: then it is not the way.
    /// </summary>
    private int Window => options.LimitsOf(sender.Channel).PerSecond > 0 && !_deliverer.Pace.IsKnown && !_window.IsSlow ? 1 : _window.Size;

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
                // Whatever woke this loop: the other looks into the ledger meanwhile.
                _taker.Wake();
                _turns.Work.Set();
                if (await SeeToTheLedgerAsync(stoppingToken))
                {
                    continue;
                }

                var claims = await store.ClaimAsync(sender.Channel, Ready(options, sender), stoppingToken);
                metrics.Claimed(claims.Count);
                foreach (var claim in claims)
                {
                    await _claimed.Writer.WriteAsync(claim, stoppingToken);
                    _turns.Work.Set();
                }
                failures = 0;
                if (claims.Count > 0)
                {
                    shortIdle = ShortestIdle;
                    continue;
                }
                await AskWhetherItIsWellAsync(stoppingToken);
                var next = await store.NextDueAsync(sender.Channel, _taker.Kinds, stoppingToken);
                _taker.PassOver(next.Paused);
                var idle = next.Soonest ?? options.PollInterval;
                if (next.IsShut)
                {
                    // Firing puts what is due where operators look for it.
                    if (_taker.Leaves())
                    {
                        signals.Due.Set();
                    }
                }
                else
                {
                    _taker.FoundNothing();
                }

                if (!_handsFull)
                {
                    _pulse.Beat();
                    outages.Works(_deliverer.What);
                }
                if (idle <= TimeSpan.Zero)
                {
                    idle = shortIdle;
                    shortIdle = shortIdle * 2 < LongestIdle ? shortIdle * 2 : LongestIdle;
                }
                else
                {
                    shortIdle = ShortestIdle;
                }

                await _wake.WaitAsync(idle < options.PollInterval ? idle : options.PollInterval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                await RestAsync(exception, ++failures, stoppingToken);
            }
        }
        _turns.Work.Set();
    }

    /// <summary>What a take left open: occurrences that firing has to judge, and messages whose start nobody here heard of.</summary>
    /// <returns>Whether there was any.</returns>
    private async Task<bool> SeeToTheLedgerAsync(CancellationToken stoppingToken)
    {
        if (_taker.UnheardTokens() is { Length: > 0 } tokens)
        {
            await store.TakeBackAsync(tokens, stoppingToken);
        }

        if (!_taker.TryJudge(out var occurrences))
        {
            return false;
        }

        if (await firing.FireAsync(occurrences, stoppingToken) == occurrences.Length)
        {
            _taker.Judged(occurrences);
        }

        return true;
    }

    private async Task TurnTheWindowAsync(CancellationToken stoppingToken)
    {
        var gathered = false;
        // On stop nothing new starts, and what is in flight is waited for: its outcome is worth more than a fast exit.
        while (!stoppingToken.IsCancellationRequested || _inFlight > 0 || _turns.Count > 0)
        {
            try
            {
                if (_turns.TryEnd(out var ended))
                {
                    if (!await EndAsync(ended, stoppingToken))
                    {
                        break;
                    }

                    continue;
                }

                if (_heard)
                {
                    _heard = false;
                    _window.Heard();
                }
                _window.Forget();
                var left = _window.Left(Window);
                Gather(left, stoppingToken.IsCancellationRequested);
                if (_window.Suspects && _asking.IsCompleted && sender is IChannelProbe probe)
                {
                    _asking = AskMeanwhileAsync(probe, stoppingToken);
                }

                var most = Math.Min(_turns.Room(left, _settlements.Count), options.BatchSize);
                var starting = Math.Min(_claims.Count, most);
                if (_turns.Count > 0 && (_failures > 0 || !_turns.MayBegin(_settlements.Count + starting, _window.Size)))
                {
                    await _turns.Work.WaitAsync(CancellationToken.None);
                    continue;
                }

                var slow = _window.TakeSlow();
                var room = stoppingToken.IsCancellationRequested ? 0 : most - starting;
                _handsFull = _settlements.Count > 0 || starting > 0;
                if (!_handsFull && slow.Count == 0 && !_taker.HasReason(room))
                {
                    if (_window.UntilSlow() is { } untilSlow)
                    {
                        await _turns.Work.WaitAsync(untilSlow, time, CancellationToken.None);
                    }
                    else
                    {
                        await _turns.Work.WaitAsync(CancellationToken.None);
                    }

                    gathered = false;
                    continue;
                }
                if (
                    !gathered
                    && slow.Count == 0
                    && _turns.Count == 0
                    && _inFlight >= _window.Size / 2
                    && _settlements.Count < _inFlight / 2
                )
                {
                    // Busy, and most of the window is still out: a moment later one commit settles several times as many.
                    gathered = true;
                    await Task.Delay(Moment, time, CancellationToken.None);
                    continue;
                }
                gathered = false;
                var late = starting > 0 ? _deliverer.Pace.TakeLateness() : TimeSpan.Zero;
                _turns.Begin(new([.. _settlements], _claims[..starting], _taker.Next(room), time.GetTimestamp(), late, slow));
                _settlements.Clear();
                _claims.RemoveRange(0, starting);
            }
            catch (Exception exception)
            {
                await RestAsync(exception, ++_failures, stoppingToken);
            }
        }
        _unstarted.AddRange(_claims);
    }

    /// <summary>What came back, and as many claims as there is room for.</summary>
    private void Gather(int left, bool stopping)
    {
        if (stopping)
        {
            _unstarted.AddRange(_claims);
            _claims.Clear();
        }

        while (_settlements.Count < options.BatchSize && _outcomes.Reader.TryRead(out var settlement))
        {
            _settlements.Add(settlement);
        }

        while (
            !stopping
            && _claims.Count < Math.Min(Ready(options, sender), _turns.Room(left, _settlements.Count))
            && _claimed.Reader.TryRead(out var claim)
        )
        {
            _claims.Add(claim);
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

        _pulse.Beat();
        outages.Works(_deliverer.What);
        (_failures, _failingSince, _handsFull) = (0, null, _turns.Count > 0);
        metrics.Exchanged(turn.Settlements, exchange.Started.Count, time.GetElapsedTime(turn.Began));
        if (exchange.Now is { } now)
        {
            _deliverer.Pace.Heard(now);
        }

        _inFlight -= turn.Settlements.Count;
        foreach (var settlement in turn.Settlements)
        {
            _window.Ended(settlement);
        }

        _claims.InsertRange(0, exchange.Waiting);
        var remembered = memory.Began(sender.Channel, exchange.Started);
        for (var i = 0; i < exchange.Started.Count; i++)
        {
            _inFlight++;
            _window.Began(exchange.Started[i]);
            _ = DeliverAsync(exchange.Started[i], remembered[i], turn.Began);
        }

        if (exchange.Taken is { } taken && _taker.Took(turn.Take!, taken, time.GetElapsedTime(turn.Began)))
        {
            _wake.Set();
        }

        if (ended.TakeRefused)
        {
            // Firing isolates what is refused, and what it writes is claimed.
            _taker.Refused();
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

        if (exchange.Waiting.Count > 0)
        {
            await Task.Delay(exchange.Wait + TimeSpan.FromMilliseconds(1), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return true;
    }

    /// <summary>Nothing is lost: the same settlements and claims are exchanged again, and both halves are compare-and-set.</summary>
    /// <returns>Whether to try again.</returns>
    private async Task<bool> FailAsync(Turn turn, Exception failure, CancellationToken stoppingToken)
    {
        if (turn.Take is { } take)
        {
            _taker.Unheard(take);
        }

        _settlements.InsertRange(0, turn.Settlements);
        _claims.InsertRange(0, turn.Claims);
        _failingSince ??= time.GetTimestamp();
        if (stoppingToken.IsCancellationRequested && time.GetElapsedTime(_failingSince.Value) > Farewell)
        {
            LogLeft(_settlements.Count, sender.Channel, OutsideText.Clean(failure.Message));
            return false;
        }

        // What began before the last rest met the same trouble.
        if (turn.Began >= _rested)
        {
            await RestAsync(failure, ++_failures, stoppingToken);
            _rested = time.GetTimestamp();
        }

        return true;
    }

    /// <summary>Owned by the window: every message it starts comes back through <see cref="_outcomes"/>, whatever happens.</summary>
    private async Task DeliverAsync(StartedMessage message, RememberedSend? remembered, long asked)
    {
        var outcome = await _deliverer.DeliverAsync(message, asked);
        memory.Ended(remembered, outcome);
        _outcomes.Writer.TryWrite(outcome);
        _turns.Work.Set();
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
            outages.Failed(_deliverer.What, exception);
        }
        _turns.Work.Set();
    }

    private async Task AskWhetherItIsWellAsync(CancellationToken stoppingToken)
    {
        if (await rest.ProbeAsync(sender, stoppingToken) is not { } found)
        {
            return;
        }

        if (found.IsWell)
        {
            LogAnswers(sender.Channel);
        }
        else
        {
            LogStillRests(sender.Channel, found.Detail);
        }
    }

    private async Task GiveBackAsync()
    {
        var claims = _unstarted;
        while (_claimed.Reader.TryRead(out var claim))
        {
            claims.Add(claim);
        }

        if (claims.Count == 0)
        {
            return;
        }

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
        outages.Failed(_deliverer.What, exception);
        await Task.Delay(
                RetryPolicy.Rest(failures, Random.Shared.NextDouble()),
                time,
                stoppingToken.IsCancellationRequested ? CancellationToken.None : stoppingToken
            )
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(
        3001,
        LogLevel.Warning,
        "Stopped with {Count} outcomes over {Channel} that the database did not take ({Reason}); their leases make them doubts"
    )]
    private partial void LogLeft(int count, string channel, string reason);

    [LoggerMessage(
        3012,
        LogLevel.Error,
        "Something that is due over {Channel} cannot be started ({SqlState} {Reason}); what is due is fired one by one meanwhile"
    )]
    private partial void LogTakeRefused(string channel, string sqlState, string reason);

    [LoggerMessage(3013, LogLevel.Error, "{Channel} has not answered for {Count} or more attempts in a row and rests, its queue kept")]
    private partial void LogRests(string channel, int count);

    [LoggerMessage(3010, LogLevel.Information, "{Channel} answers again: one message goes first, the others after it")]
    private partial void LogAnswers(string channel);

    [LoggerMessage(3011, LogLevel.Warning, "{Channel} still rests: {Reason}")]
    private partial void LogStillRests(string channel, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "{Count} claimed messages were not given back ({Reason}); their lease frees them")]
    private partial void LogNotGivenBack(int count, string reason);
}
