using Reminders.Lab.Chaos.Faults;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Chaos.Work;

/// <summary>Stories without end: a steady stream of single bookings, and now and then a day's slots approved in one go.</summary>
internal sealed class Workload(BookingApp app, TelegramSimulator telegram, History history, TimeProvider time, int seed)
{
    private const int Burst = 60;

    private readonly List<Task> _stories = [];
    private int _number;

    /// <summary>Begins no story after <paramref name="enough"/>, and returns when those begun have ended.</summary>
    public async Task RunAsync(CancellationToken enough, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var nextBurst = time.GetUtcNow() + random.Between(2, 6);
        while (!enough.IsCancellationRequested)
        {
            Begin(random.Between(2, 9), cancellationToken);
            if (time.GetUtcNow() >= nextBurst)
            {
                var due = random.Between(3, 8);
                for (var i = 0; i < Burst; i++)
                {
                    Begin(due, cancellationToken);
                }

                nextBurst = time.GetUtcNow() + random.Between(8, 16);
            }
            await time.ForAsync(random.Between(0.05, 0.55), enough);
        }
        await Task.WhenAll(_stories);
    }

    private void Begin(TimeSpan due, CancellationToken cancellationToken)
    {
        var story = ++_number;
        _stories.Add(
            new Story(story, new Random(unchecked(seed * 31 + story)), due, app, telegram, history, time).RunAsync(cancellationToken)
        );
    }
}
