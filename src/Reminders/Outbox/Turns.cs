using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>One commit of the window: what it settles, what it starts, and what it takes from the ledger.</summary>
/// <param name="Began">By the node's stopwatch.</param>
/// <param name="Late">How much of the channel's limit this node has used up by sending later than the limit had it.</param>
/// <param name="Slow">Addresses whose calls are not answered yet.</param>
internal sealed record Turn(
    IReadOnlyList<Settlement> Settlements,
    IReadOnlyList<Claim> Claims,
    Take? Take,
    long Began,
    TimeSpan Late,
    IReadOnlyCollection<string> Slow
)
{
    /// <summary>How many more messages may be under way after it than before.</summary>
    public int Growth => Math.Max(0, Claims.Count + (Take?.Room ?? 0) - Settlements.Count);
}

/// <param name="Exchange">Null when it failed.</param>
/// <param name="TakeRefused">The database refuses something that is due; all else was done.</param>
internal sealed record EndedTurn(Turn Turn, SettledAndStarted? Exchange, Exception? Failure = null, bool TakeRefused = false);

/// <summary>
/// The commits under way for one window. Where the channel has no limit the next begins while one is still awaited, so that neither this
/// node nor PostgreSQL waits for the other; each is as whole as if it were alone, like the turns of two nodes. Begun and ended by the
/// window's loop only.
/// </summary>
internal sealed partial class Turns(string channel, OutboxStore store, OneByOne oneByOne, OutboxOptions options, ILogger logger)
{
    // Small turns cost PostgreSQL more for each message: a second one is for many.
    private const int Few = 16;

    private readonly int _most = options.LimitsOf(channel).AreSet ? 1 : 2;
    private readonly List<Turn> _underWay = [];
    private readonly ConcurrentQueue<EndedTurn> _ended = new();

    /// <summary>Set when a turn has ended, and by whoever has something for the next.</summary>
    public Signal Work { get; } = new();

    /// <summary>How many are awaited.</summary>
    public int Count => _underWay.Count;

    /// <summary>How many more messages they may leave under way than there are now. What a turn settles makes room for itself alone: the
    /// others may be committed before it.</summary>
    public int Growth => _underWay.Sum(turn => turn.Growth);

    /// <param name="ready">How many messages it would settle or start.</param>
    /// <param name="window">How many may be under way.</param>
    public bool MayBegin(int ready, int window) => Count == 0 || Count < _most && ready >= Math.Max(Few, window / 8);

    public void Begin(Turn turn)
    {
        _underWay.Add(turn);
        _ = RunAsync(turn);
    }

    public bool TryEnd(out EndedTurn turn)
    {
        if (!_ended.TryDequeue(out var next))
        {
            turn = null!;
            return false;
        }

        turn = next;
        _underWay.Remove(next.Turn);
        return true;
    }

    private async Task RunAsync(Turn turn)
    {
        try
        {
            _ended.Enqueue(await SettleAndStartAsync(turn));
        }
        catch (Exception exception)
        {
            _ended.Enqueue(new(turn, Exchange: null, exception));
        }

        Work.Set();
    }

    /// <summary>All of it in one commit. Should the database refuse something in it, then in as many as it takes to leave that
    /// out.</summary>
    private async Task<EndedTurn> SettleAndStartAsync(Turn turn)
    {
        try
        {
            var exchange = await store.SettleAndStartAsync(
                channel,
                turn.Settlements,
                turn.Claims,
                CancellationToken.None,
                turn.Late,
                turn.Slow,
                turn.Take
            );
            return new(turn, exchange);
        }
        catch (PostgresException refusal) when (Isolation.IsRefusal(refusal))
        {
            var events = await oneByOne.SettleAsync(channel, turn.Settlements);
            var exchange = await oneByOne.StartAsync(channel, turn.Claims);
            var taken = turn.Take is null ? null : await TakeAsync(turn.Take);
            var whole = exchange with
            {
                Started = [.. exchange.Started, .. taken?.Started ?? []],
                Events = exchange.Events || events,
                Taken = taken?.Taken,
            };
            return new(turn, whole, TakeRefused: turn.Take is not null && taken is null);
        }
    }

    private async Task<SettledAndStarted?> TakeAsync(Take take)
    {
        try
        {
            return await store.SettleAndStartAsync(channel, [], [], CancellationToken.None, take: take);
        }
        catch (PostgresException refusal) when (Isolation.IsRefusal(refusal))
        {
            LogTakeRefused(channel, refusal.SqlState, OutsideText.Clean(refusal.MessageText));
            return null;
        }
    }

    [LoggerMessage(
        3012,
        LogLevel.Error,
        "Something that is due over {Channel} cannot be started ({SqlState} {Reason}); what is due is fired one by one meanwhile"
    )]
    private partial void LogTakeRefused(string channel, string sqlState, string reason);
}
