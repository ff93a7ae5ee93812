namespace Reminders.Lab.Simulation;

/// <summary>A token bucket. A struct inside its chat: there are as many as chats.</summary>
internal struct FloodBucket
{
    private double _spent;
    private long _at;

    public int Take(TimeProvider time, double perSecond, int burst)
    {
        var now = time.GetTimestamp();
        var left = Math.Max(0, _spent - ((now - _at) / (double)time.TimestampFrequency * perSecond));
        (_spent, _at) = (left, now);

        // The hair's breadth forgives the rounding of doubles: exactly one second later is in time.
        var over = left + 1 - Math.Max(1, burst) - 1e-9;
        if (over > 0)
        {
            return (int)Math.Max(1, Math.Ceiling(over / perSecond));
        }

        _spent = left + 1;
        return 0;
    }
}
