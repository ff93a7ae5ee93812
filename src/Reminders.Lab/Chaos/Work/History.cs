using System.Collections.Concurrent;
using Reminders.Bookings;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Chaos.Work;

/// <summary>What the booking app was told had been done: from then on it may rely on it.</summary>
/// <param name="Booking">The title, which names the booking in every text.</param>
/// <param name="KnownAt">When the app had the answer; the commit was no later.</param>
internal sealed record KnownChange(string Booking, long Version, DateTimeOffset StartsAt, string Status, DateTimeOffset KnownAt);

/// <summary>A press that Telegram queued: each of its updates has to be handled.</summary>
internal sealed record KnownPress(string Booking, int UpdateId);

/// <summary>The workload's own account, kept apart from the engine's, so that the two can be compared.</summary>
internal sealed class History(TimeProvider time)
{
    private readonly ConcurrentQueue<KnownChange> _changes = new();
    private readonly ConcurrentQueue<KnownPress> _presses = new();
    private int _retries;

    public IReadOnlyList<KnownChange> Changes => [.. _changes];

    public IReadOnlyList<KnownPress> Presses => [.. _presses];

    /// <summary>Commands that were repeated because an outage left their outcome unknown.</summary>
    public int Retries => _retries;

    public void Add(BookingView booking) =>
        _changes.Enqueue(new(booking.Title, booking.ScheduleVersion, booking.StartsAt, booking.Status, time.GetUtcNow()));

    public void Add(string booking, PressOutcome outcome)
    {
        foreach (var id in outcome.Presses.SelectMany(press => press.UpdateIds))
        {
            _presses.Enqueue(new(booking, id));
        }
    }

    public void CountRetry() => Interlocked.Increment(ref _retries);
}
