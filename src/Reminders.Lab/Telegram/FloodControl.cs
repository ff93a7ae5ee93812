namespace Reminders.Lab.Telegram;

/// <summary>
/// The bot's own limit: so many messages in any one second, and once it is passed every send is refused until the wait is
/// over. The real limits are unspecified and grow with a bot's standing; obeying retry_after is the only contract.
/// </summary>
internal sealed class FloodControl(TelegramSimulatorOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long[] _recent = new long[Math.Max(1, (int)options.PerBotPerSecond)];
    private readonly long _window =
        options.PerBotPerSecond <= 0
            ? 0
            : (long)(Math.Max(1, (int)options.PerBotPerSecond) / options.PerBotPerSecond * time.TimestampFrequency);

    private long _sent;
    private long _pausedUntil = long.MinValue;

    /// <summary>The wait in whole seconds, or 0 and the message counts.</summary>
    public int TakeSend(SimulatedChat chat)
    {
        if (
            Volatile.Read(ref _pausedUntil) == long.MinValue
            && (!options.EnforceLimits || options is { PerBotPerSecond: <= 0, PerChatPerSecond: <= 0 })
        )
        {
            return 0;
        }

        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (now < _pausedUntil)
            {
                return SecondsUntil(_pausedUntil, now);
            }

            if (!options.EnforceLimits)
            {
                return 0;
            }

            var slot = _sent % _recent.Length;
            if (_window > 0 && _sent >= _recent.Length && now - _recent[slot] < _window)
            {
                _pausedUntil = now + (long)(options.BotFloodWait.TotalSeconds * time.TimestampFrequency);
                return SecondsUntil(_pausedUntil, now);
            }

            var wait = options.PerChatPerSecond > 0 ? chat.TakeSend(time, options.PerChatPerSecond, options.PerChatBurst) : 0;
            if (wait == 0 && _window > 0)
            {
                _recent[slot] = now;
                _sent++;
            }

            return wait;
        }
    }

    /// <summary>Refuses every send of the bot for <paramref name="seconds"/>.</summary>
    public void Pause(int seconds)
    {
        lock (_gate)
        {
            _pausedUntil = Math.Max(_pausedUntil, time.GetTimestamp() + (seconds * time.TimestampFrequency));
        }
    }

    private int SecondsUntil(long until, long now) => (int)Math.Max(1, Math.Ceiling((until - now) / (double)time.TimestampFrequency));
}
