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
/// Delivers one channel's messages from this node: claim → start → render → send → settle. Two loops share the work: one claims batches
/// ahead (<see cref="ClaimAhead"/>), the other starts, sends and settles them (<see cref="WindowLoop"/>).
/// </summary>
internal sealed partial class Dispatcher : BackgroundService
{
    private readonly OutboxStore _store;
    private readonly ILogger _logger;
    private readonly InHand _hand;
    private readonly ClaimAhead _ahead;
    private readonly WindowLoop _window;

    public Dispatcher(
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
    )
    {
        (_store, _logger) = (store, logger);
        var channel = sender.Channel;
        var limits = options.LimitsOf(channel);
        // With a limit, no more is claimed than goes at once: the rest is better off with other nodes.
        var ready = Math.Min(limits.Ready ?? options.BatchSize, options.BatchSize);
        var claimed = Channel.CreateBounded<Claim>(new BoundedChannelOptions(ready) { SingleReader = true });
        var outcomes = Channel.CreateUnbounded<Settlement>(new UnboundedChannelOptions { SingleReader = true });
        var life = new DispatchLife(channel, options, loops, outages, time);
        var taker = new DueTaker(channel, kinds, options, direct, asides, signals.Outbox[channel], time);
        var turns = new Turns(most: limits.AreSet ? 1 : 2, new TurnCommit(channel, store, oneByOne, logger).CommitAsync);
        var deliverer = new Deliverer(sender, store, renderer, zones, kinds, options, outages, time, metrics, logger);
        _hand = new(claimed, outcomes, ready, options.BatchSize);
        _ahead = new(sender, ready, claimed, taker, turns.Work, store, rest, firing, life, options, signals, time, metrics, logger);
        _window = new(sender, _hand, outcomes, taker, turns, deliverer, memory, life, options, signals, outages, time, metrics, logger);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var claiming = _ahead.RunAsync(stoppingToken);
        await _window.RunAsync(stoppingToken);
        await claiming;
        await GiveBackAsync();
    }

    private async Task GiveBackAsync()
    {
        var claims = _hand.Unstarted();
        if (claims.Count == 0)
        {
            return;
        }

        try
        {
            await _store.ReleaseAsync(claims, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotGivenBack(claims.Count, OutsideText.Clean(exception.Message));
        }
    }

    [LoggerMessage(3003, LogLevel.Warning, "{Count} claimed messages were not given back ({Reason}); their lease frees them")]
    private partial void LogNotGivenBack(int count, string reason);
}
