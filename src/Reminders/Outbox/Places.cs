namespace Reminders.Outbox;

/// <summary>How far into what is due a take has come.</summary>
internal readonly record struct Place(DateTime DueAt, long Id) : IComparable<Place>
{
    /// <summary>Before everything.</summary>
    public static readonly Place Start = new(DateTime.UnixEpoch, 0);

    public int CompareTo(Place other) => (DueAt, Id).CompareTo((other.DueAt, other.Id));
}

/// <summary>
/// Where the next take of each kind begins. What was taken is dead in the index, and while somebody's snapshot keeps it from being
/// cleared every look from the start would go past all of it. So while there is plenty a take goes on from where the last one ended, and
/// only now and then looks from the start: what was planned late, or given back by another node, waits for that.
/// </summary>
internal sealed class Places(TimeProvider time)
{
    // Looking from the start may take so much of the time, and need not be done more often than this.
    private const int Share = 20;
    private static readonly TimeSpan OftenEnough = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Place> _reached = new(StringComparer.Ordinal);
    private long _looked = long.MinValue;
    private TimeSpan _took;

    /// <param name="isPlenty">Whether the last take found as much as it wanted.</param>
    public Place[] Next(IReadOnlyList<string> kinds, bool isPlenty)
    {
        if (!isPlenty || _looked == long.MinValue || time.GetElapsedTime(_looked) > Max(OftenEnough, _took * Share))
        {
            _reached.Clear();
            _looked = time.GetTimestamp();
        }

        return [.. kinds.Select(kind => _reached.GetValueOrDefault(kind, Place.Start))];
    }

    /// <param name="took">How long it took to be answered.</param>
    public void Reached(Take take, IReadOnlyDictionary<string, Place> places, TimeSpan took)
    {
        if (take.After.All(place => place == Place.Start))
        {
            _took = took;
        }

        foreach (var (kind, place) in places)
        {
            if (place.CompareTo(_reached.GetValueOrDefault(kind, Place.Start)) > 0)
            {
                _reached[kind] = place;
            }
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
