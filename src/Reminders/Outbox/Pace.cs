namespace Reminders.Outbox;

/// <summary>
/// Keeps a node to the instants that a limit gives out, and knows by how much it missed them. A message that arrives later
/// than usual lies closer to those that follow, and the provider would count them together: the delay is said when the next
/// instants are asked for, and the limit gives them out that much later.
/// </summary>
internal sealed class Pace(TimeProvider time)
{
    // What a timer and a network that have time differ by; the limits leave room for it.
    private static readonly TimeSpan Punctual = TimeSpan.FromMilliseconds(10);

    // What is later than a provider's count is long has left it, and a message that timed out may have arrived at once.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    // From here on a message would crowd those that follow it.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(20);

    // How much further away the database may have seemed each time before it is believed: clocks drift apart slowly.
    private static readonly TimeSpan Drift = TimeSpan.FromMicroseconds(100);

    private readonly long _began = time.GetTimestamp();
    private readonly Lock _gate = new();
    private TimeSpan? _distance;
    private TimeSpan? _usual;
    private TimeSpan _late;

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>Has a message been there and back?</summary>
    public bool IsKnown
    {
        get
        {
            lock (_gate)
            {
                return _usual is not null;
            }
        }
    }

    /// <summary>
    /// The database has just been heard to say what time it is. The answer that came fastest tells best how far its clock is
    /// from this node's stopwatch; one that lay unread for a while would put an instant off by that while.
    /// </summary>
    public void Heard(DateTimeOffset database)
    {
        var seen = Now - TimeSpan.FromTicks(database.UtcTicks);
        lock (_gate)
        {
            _distance = _distance + Drift is { } believed && believed < seen && seen - believed < Window ? believed : seen;
        }
    }

    /// <summary>Waits for an instant of the database's time, and returns it as this node's stopwatch has it.</summary>
    public async Task<TimeSpan> UntilAsync(DateTimeOffset instant)
    {
        TimeSpan here;
        lock (_gate)
        {
            here = TimeSpan.FromTicks(instant.UtcTicks) + _distance ?? Now;
        }
        // A timer counts whole milliseconds and may be a hair early; the instant is not.
        while (here - Now is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time);
        }

        return here;
    }

    /// <summary>Whether an instant is so long past that a message would crowd those that follow it.</summary>
    public bool IsMissed(TimeSpan instant) => Now - instant > Late;

    /// <summary>The message that had this instant is sent, or has failed.</summary>
    /// <returns>Whether it may have arrived so late that the next to the same recipient would lie too close to it.</returns>
    public bool Sent(TimeSpan instant)
    {
        var took = Now - instant;
        lock (_gate)
        {
            var delay = took - (_usual ?? TimeSpan.Zero);
            // The shortest way there and back, forgotten slowly: a provider may move further away.
            _usual = _usual * 1.01 < took ? _usual * 1.01 : took;
            if (delay > Punctual && delay < Window && delay > _late)
            {
                _late = delay;
            }
            return delay > Late;
        }
    }

    /// <summary>The longest delay since it was last asked for.</summary>
    public TimeSpan TakeLateness()
    {
        lock (_gate)
        {
            var longest = _late;
            _late = TimeSpan.Zero;
            return longest;
        }
    }
}
