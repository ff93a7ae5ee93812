using Microsoft.Extensions.Time.Testing;

namespace Reminders.Lab.Tests;

/// <summary>
/// The fake clock, and the one thing it cannot: to say when somebody has begun to wait on it. Without that, a test would
/// advance a clock that nobody is waiting on yet.
/// </summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, DateTimeOffset> _waits = [];
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var watched = new WatchedTimer(this).Around(base.CreateTimer(callback, state, dueTime, period));
        // Not before it is there: whoever waits for it may put the clock forward at once.
        watched.Noted(dueTime);
        return watched;
    }

    /// <summary>Completes when something waits on this clock, exactly <paramref name="due"/> from now: the signal that a delay has
    /// begun.</summary>
    public async Task UntilATimerIsDueInAsync(TimeSpan due)
    {
        while (true)
        {
            Task armed;
            lock (_gate)
            {
                if (_waits.ContainsValue(GetUtcNow() + due))
                {
                    return;
                }

                armed = _armed.Task;
            }

            await armed.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    private void Note(object timer, TimeSpan? due)
    {
        lock (_gate)
        {
            _waits.Remove(timer);
            if (due > TimeSpan.Zero)
            {
                _waits[timer] = GetUtcNow() + due.Value;
                _armed.TrySetResult();
                _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private sealed class WatchedTimer(WatchedTime clock) : ITimer
    {
        private ITimer _timer = null!;

        public WatchedTimer Around(ITimer timer)
        {
            _timer = timer;
            return this;
        }

        public void Noted(TimeSpan? due) => clock.Note(this, due);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = _timer.Change(dueTime, period);
            Noted(dueTime);
            return changed;
        }

        public void Dispose()
        {
            Noted(null);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Noted(null);
            return _timer.DisposeAsync();
        }
    }
}
