using System.Collections.Concurrent;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Nodes;

namespace Reminders.Outbox;

/// <summary>
/// What one dispatcher takes straight from the ledger: when it asks, what it passes over, and what it has yet to hear of. Only on a
/// channel without limits, where nothing has to wait for its turn, and only kinds that go there first and alone.
/// </summary>
internal sealed class DueTaker
{
    // What firing could not decide yet is asked again at its own pace.
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(1);

    // The database refused a take: firing goes through the rows one by one meanwhile.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    // That many wait to be judged: the others would only be asked for again and again.
    private const int MostOthers = 1000;

    private readonly string[] _kinds;
    private readonly DirectDispatch.Served? _served;
    private readonly PutAside _unfireable;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<long[]> _others = new();
    private readonly ConcurrentDictionary<long, long> _alone = new();
    private readonly ConcurrentDictionary<long, long> _unheard = new();
    private volatile bool _mayBeDue;
    private readonly Places _places;
    private long? _refusedAt;

    public DueTaker(
        string channel,
        KindCatalog kinds,
        OutboxOptions options,
        DirectDispatch direct,
        PutAsides asides,
        Signal wake,
        TimeProvider time
    )
    {
        (_lease, _time, _places) = (options.SendLease, time, new(time));
        _unfireable = asides.Of("fire");
        _kinds = options.LimitsOf(channel).AreSet ? [] : PlainKinds(kinds, channel);
        if (_kinds.Length > 0)
        {
            _served = direct.Serve(_kinds, wake);
        }
    }

    /// <summary>The kinds that go over a channel first and alone, gather nothing and follow nothing.</summary>
    internal static string[] PlainKinds(KindCatalog kinds, string channel) =>
        [
            .. from kind in kinds.Kinds.Values
            where kind is { Digest: null, EveryChannel: false, After.Length: 0 } && kind.Channels.FirstOrDefault() == channel
            select kind.Name,
        ];

    /// <summary>The kinds it takes; none on a channel with limits.</summary>
    public IReadOnlyList<string> Kinds => _kinds;

    /// <summary>Whether the last take found about as much as it wanted, and so will the next.</summary>
    public bool IsPlenty { get; private set; }

    /// <summary>Something may be due.</summary>
    public void Wake() => _mayBeDue = _kinds.Length > 0;

    /// <summary>Whether there is reason to ask for so many.</summary>
    public bool HasReason(int room) => room > 0 && _mayBeDue && !IsResting && Alone().Count < MostOthers;

    /// <summary>What to ask for now; null for nothing.</summary>
    public Take? Next(int room)
    {
        if (!HasReason(room))
        {
            return null;
        }

        // Before the answer: whatever wakes it meanwhile is a reason to ask again. While there is plenty, that is reason enough.
        _mayBeDue = IsPlenty;
        string[] kinds = [.. _kinds];
        Random.Shared.Shuffle(kinds);
        return new(
            kinds,
            room,
            // Below 2^53, so that it is the same number in anybody's JSON; the next tokens of the same message follow it.
            Random.Shared.NextInt64(1L << 40, 1L << 52),
            [.. _unfireable.Now, .. Alone()],
            _places.Next(kinds, IsPlenty)
        );
    }

    /// <summary>The answer has come.</summary>
    /// <returns>Whether there is something for <see cref="TryJudge"/>.</returns>
    public bool Took(Take take, Taken taken, TimeSpan took)
    {
        _refusedAt = null;
        _places.Reached(take, taken.Reached, took);
        // Others may hold some of it just now.
        IsPlenty = taken.Picked > 0 && taken.Picked >= take.Room / 2;
        if (taken.Picked > 0)
        {
            _mayBeDue = true;
        }

        _served?.Looked();
        if (taken.Others.Length == 0)
        {
            return false;
        }

        foreach (var id in taken.Others)
        {
            _alone[id] = _time.GetTimestamp();
        }

        _others.Enqueue(taken.Others);
        return true;
    }

    /// <summary>The dispatcher has found nothing to do. If it was asked to look meanwhile, it has not looked.</summary>
    public void FoundNothing()
    {
        if (!_mayBeDue && !IsResting)
        {
            _served?.Looked();
        }
    }

    /// <summary>The channel is shut: firing puts what is due where operators look for it.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Leaves() => _served?.Leaves() == true;

    /// <summary>Those of its kinds that are paused are not its own meanwhile.</summary>
    public void PassOver(IReadOnlyList<string> kinds) => _served?.PassOver(kinds);

    /// <summary>The database refuses something in it, for good.</summary>
    public void Refused()
    {
        _refusedAt = _time.GetTimestamp();
        (_mayBeDue, IsPlenty) = (true, false);
        _served?.Leaves();
    }

    /// <summary>The answer did not come: what was started under that token, if anything, is to be taken back.</summary>
    public void Unheard(Take take)
    {
        (_mayBeDue, IsPlenty) = (true, false);
        _unheard[take.Token] = _time.GetTimestamp();
    }

    /// <summary>The tokens whose answer never came. Until their leases are over, for a commit may come late.</summary>
    public long[] UnheardTokens()
    {
        if (_unheard.IsEmpty)
        {
            return [];
        }

        foreach (var old in _unheard.Where(token => _time.GetElapsedTime(token.Value) > _lease))
        {
            _unheard.TryRemove(old);
        }

        return [.. _unheard.Keys];
    }

    /// <summary>Occurrences that firing has to judge.</summary>
    public bool TryJudge(out long[] occurrences)
    {
        var any = _others.TryDequeue(out var next);
        occurrences = next ?? [];
        return any;
    }

    /// <summary>Firing has judged them all, and none is left as it was.</summary>
    public void Judged(long[] occurrences)
    {
        foreach (var id in occurrences)
        {
            _alone.TryRemove(id, out _);
        }
    }

    private bool IsResting => _refusedAt is { } refused && _time.GetElapsedTime(refused) < Rest;

    private ICollection<long> Alone()
    {
        if (_alone.IsEmpty)
        {
            return [];
        }

        foreach (var old in _alone.Where(one => _time.GetElapsedTime(one.Value) > LeftAlone))
        {
            _alone.TryRemove(old);
        }

        return _alone.Keys;
    }
}
