namespace Reminders.Lab.Telegram;

/// <summary>
/// getUpdates. One poller waits at a time; the next one ends its wait with 409. The rules against hasty pollers are the real
/// server's: the same offset again within 3 s waits those 3 s, and within half a second gets one update at a time.
/// </summary>
internal sealed class LongPolling : IDisposable
{
    private const int MaxTimeoutSeconds = 50;
    private const string TakenOver = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    private static readonly TimeSpan Haste = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly UpdateQueue _queue;
    private readonly TimeProvider _time;
    private Poll? _poll;
    private int _lastOffset = -1;
    private DateTimeOffset _lastAt = DateTimeOffset.MinValue;
    private DateTimeOffset _nextConflictAt = DateTimeOffset.MinValue;
    private bool _closed;

    public LongPolling(UpdateQueue queue, TimeProvider time)
    {
        _queue = queue;
        _time = time;
        queue.Pushed += _ => Wake();
    }

    public async Task<BotReply> GetUpdatesAsync(BotArguments arguments, bool webhookIsActive)
    {
        if (webhookIsActive)
        {
            return await ConflictAsync(
                    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
                )
                .ConfigureAwait(false);
        }

        var offset = arguments.Int("offset"u8, 0, int.MinValue, int.MaxValue);
        var limit = arguments.Int("limit"u8, 100, 1, 100);
        var timeout = TimeSpan.FromSeconds(arguments.Int("timeout"u8, 0, 0, MaxTimeoutSeconds));
        _queue.SetAllowed(arguments["allowed_updates"u8]);
        Poll poll;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (offset == _lastOffset && timeout < Haste && now < _lastAt + Haste)
            {
                timeout = Haste;
            }

            if (offset == _lastOffset && now < _lastAt + TimeSpan.FromSeconds(0.5))
            {
                limit = 1;
            }

            (_lastOffset, _lastAt) = (offset, now);
            var updates = _queue.Take(offset, limit);
            if (updates.Count > 0 || timeout == TimeSpan.Zero || _closed)
            {
                return Answer(updates);
            }

            End(TakenOver);
            _poll = poll = new Poll(offset < 0 ? 0 : offset, limit);
        }

        await using var timer = _time.CreateTimer(_ => Expire(poll), null, timeout, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        var (reply, conflict) = await poll.Done.Task.ConfigureAwait(false);
        return reply ?? await ConflictAsync(conflict!).ConfigureAwait(false);
    }

    /// <summary>Ends a waiting poll: with 409 and a reason, or with <paramref name="reply"/>.</summary>
    public void End(string conflict, BotReply? reply = null)
    {
        lock (_gate)
        {
            _poll?.Done.TrySetResult((reply, conflict));
            _poll = null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            End("", BotReply.Error(500, "Internal Server Error: restart"));
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (_poll is { } poll && _queue.Take(poll.Offset, poll.Limit) is { Count: > 0 } updates)
            {
                _poll = null;
                poll.Done.TrySetResult((Answer(updates), null));
            }
        }
    }

    private void Expire(Poll poll)
    {
        lock (_gate)
        {
            _poll = _poll == poll ? null : _poll;
            poll.Done.TrySetResult((Answer([]), null));
        }
    }

    /// <summary>The first conflict is told at once, those of the next 3 s late: it slows down two bots fighting over one token.</summary>
    private async Task<BotReply> ConflictAsync(string description)
    {
        var late = false;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            late = now < _nextConflictAt && !_closed;
            _nextConflictAt = late ? _nextConflictAt : now + Haste;
        }

        if (late)
        {
            await Task.Delay(Haste, _time).ConfigureAwait(false);
        }

        return BotReply.Error(409, description);
    }

    private static BotReply Answer(List<Update> updates) =>
        BotReply.Ok(
            static (w, all) =>
            {
                w.WriteStartArray();
                foreach (var update in all)
                {
                    update.Write(w);
                }

                w.WriteEndArray();
            },
            updates
        );

    private sealed record Poll(int Offset, int Limit)
    {
        public TaskCompletionSource<(BotReply? Reply, string? Conflict)> Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
