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

    private readonly Lock gate = new();
    private TimeSpan? usual;
    private TimeSpan late;

    /// <summary>Has a message been there and back?</summary>
    public bool IsKnown
    {
        get
        {
            lock (gate)
                return usual is not null;
        }
    }

    /// <summary>Waits for an instant, and returns it as a timestamp.</summary>
    public async Task<long> UntilAsync(TimeSpan startIn)
    {
        var instant = time.GetTimestamp() + (long)(startIn.TotalSeconds * time.TimestampFrequency);
        // A timer counts whole milliseconds and may be a hair early; the instant is not.
        while (time.GetElapsedTime(instant) is var past && past < TimeSpan.Zero)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(-past.TotalMilliseconds)), time);
        return instant;
    }

    /// <summary>The message that had this instant is sent, or has failed.</summary>
    public void Sent(long instant)
    {
        var took = time.GetElapsedTime(instant);
        lock (gate)
        {
            var delay = took - (usual ?? TimeSpan.Zero);
            // The shortest way there and back, forgotten slowly: a provider may move further away.
            usual = usual * 1.01 < took ? usual * 1.01 : took;
            if (delay > Punctual && delay < Window && delay > late)
                late = delay;
        }
    }

    /// <summary>The longest delay since it was last asked for.</summary>
    public TimeSpan TakeLateness()
    {
        lock (gate)
        {
            var longest = late;
            late = TimeSpan.Zero;
            return longest;
        }
    }
}
