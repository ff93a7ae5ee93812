namespace Reminders.Outbox;

/// <summary>
/// How many messages may begin beside those under way. A call that hangs stops counting against the window once it is slow,
/// up to a bound of its own: what a kill leaves in doubt is at most <see cref="OutboxOptions.InFlight"/> and
/// <see cref="OutboxOptions.SlowInFlight"/> together. That is for chats whose calls hang while others flow; when nothing has
/// been heard since the slow ones began, it may be everybody's trouble. Then the provider is asked, by a call that sends
/// nothing, or where it cannot be, a few more messages find out. Not safe for concurrent use: the window's loop owns it.
/// <para>
/// Where it may grow, it does so by what the provider delivers, and is what it was at first as soon as an answer stays away or nothing
/// was heard for a while: an outage finds a small window, unless it begins in the middle of a burst.
/// </para>
/// </summary>
/// <param name="canAsk">Whether the provider can be asked.</param>
internal sealed class InFlightWindow(string channel, OutboxOptions options, bool canAsk, TimeProvider time)
{
    // What was learnt of a provider is worth no more than that.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    private readonly int _first = options.InFlightOf(channel).First;
    private readonly int _most = options.InFlightOf(channel).Most;

    // In the order in which they began; few, and looked through only while some are slow.
    private readonly Dictionary<Claim, UnderWay> _underWay = [];
    private long _heard;

    /// <summary>How many may be under way while nothing is slow.</summary>
    public int Size { get; private set; } = options.InFlightOf(channel).First;

    public void Began(StartedMessage message) => _underWay[message.Claim] = new(time.GetTimestamp(), message.Address);

    public void Ended(Settlement settlement)
    {
        _underWay.Remove(settlement.Message.Claim);
        if (settlement.State == MessageState.Sent)
        {
            Heard();
            Size = Math.Min(Size + 1, _most);
        }
        else if (settlement.Unanswered || settlement.ChannelTrouble is not null)
        {
            Size = _first;
        }
    }

    /// <summary>After a silence it is as large as at first.</summary>
    public void Forget()
    {
        if (_underWay.Count == 0 && time.GetElapsedTime(_heard) > Remembered)
        {
            Size = _first;
        }
    }

    /// <summary>The provider answers: what is slow is its recipients' own.</summary>
    public void Heard() => _heard = time.GetTimestamp();

    /// <summary>Whether a call under way is slow.</summary>
    public bool IsSlow => Slow().Count > 0;

    /// <summary>Whether every call under way is slow and nothing has been heard since: time to ask.</summary>
    public bool Suspects => Slow() is { Count: > 0 } slow && slow.Count == _underWay.Count && _heard <= slow.Oldest;

    /// <param name="size">Of the window, while nothing is slow.</param>
    /// <returns>Never less than 0.</returns>
    public int Left(int size)
    {
        var (slow, oldest) = Slow();
        var most = size + options.SlowInFlight - _underWay.Count;
        var room = size - _underWay.Count;
        if (slow == 0)
        {
            return Math.Max(room, 0);
        }

        if (_heard > oldest)
        {
            return Math.Clamp(room + slow, 0, Math.Max(most, 0));
        }
        // One, then two, then four: as many as have been risked in vain.
        return room > 0 ? room
            : slow == _underWay.Count && !canAsk ? Math.Clamp(1 - room, 0, Math.Max(most, 0))
            : 0;
    }

    /// <summary>How long until another call counts as slow, or one that does has to be named again; null while nothing is under
    /// way.</summary>
    public TimeSpan? UntilSlow()
    {
        TimeSpan? nearest = null;
        foreach (var message in _underWay.Values)
        {
            var left = options.SlowAfter - time.GetElapsedTime(message.Named ?? message.Since);
            if (nearest is null || left < nearest)
            {
                nearest = left;
            }
        }
        return nearest < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : nearest;
    }

    /// <summary>The addresses whose calls are slow and have not been named for as long: their other messages wait meanwhile.</summary>
    public IReadOnlyCollection<string> TakeSlow()
    {
        HashSet<string>? addresses = null;
        foreach (var (claim, message) in _underWay)
        {
            if (time.GetElapsedTime(message.Named ?? message.Since) < options.SlowAfter)
            {
                continue;
            }

            (addresses ??= []).Add(message.Address);
            _underWay[claim] = message with { Named = time.GetTimestamp() };
        }
        return (IReadOnlyCollection<string>?)addresses ?? [];
    }

    private (int Count, long Oldest) Slow()
    {
        var (count, oldest) = (0, long.MaxValue);
        foreach (var message in _underWay.Values)
        {
            if (time.GetElapsedTime(message.Since) < options.SlowAfter)
            {
                continue;
            }

            count++;
            oldest = Math.Min(oldest, message.Since);
        }
        return (count, oldest);
    }

    private readonly record struct UnderWay(long Since, string Address, long? Named = null);
}
