using System.Collections.Concurrent;
using Reminders.Nodes;

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
/// <param name="most">How many may be under way.</param>
internal sealed class Turns(int most, Func<Turn, Task<EndedTurn>> commit)
{
    // Small turns cost PostgreSQL more for each message: a second one is for many.
    private const int Few = 16;

    private readonly List<Turn> _underWay = [];
    private readonly ConcurrentQueue<EndedTurn> _ended = new();

    /// <summary>Set when a turn has ended, and by whoever has something for the next.</summary>
    public Signal Work { get; } = new();

    /// <summary>How many are awaited.</summary>
    public int Count => _underWay.Count;

    /// <summary>How many messages the next turn may start. What a turn settles makes room for itself alone: the others may be committed
    /// before it.</summary>
    /// <param name="left">Room in the window, as if none were awaited.</param>
    /// <param name="settling">How many it settles.</param>
    public int Room(int left, int settling) => Math.Max(0, left - _underWay.Sum(turn => turn.Growth) + settling);

    /// <summary>How much one turn takes of a window that each of them could fill.</summary>
    public int Share(int window) => Math.Max(1, window / most);

    /// <param name="ready">How many messages it would settle or start.</param>
    /// <param name="window">How many may be under way.</param>
    public bool MayBegin(int ready, int window) => Count == 0 || Count < most && ready >= Math.Max(Few, window / 8);

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
            _ended.Enqueue(await commit(turn));
        }
        catch (Exception exception)
        {
            _ended.Enqueue(new(turn, Exchange: null, exception));
        }

        Work.Set();
    }
}
