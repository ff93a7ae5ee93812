using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Lab.Chaos.Faults;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Chaos.Work;

/// <summary>
/// The life of one booking: created, approved once or several times at once, perhaps moved, cancelled, reinstated, and
/// answered by its candidate. Its plot comes from a Random of its own, so that stories running side by side do not change
/// one another.
/// </summary>
internal sealed class Story(
    int number,
    Random random,
    TimeSpan due,
    BookingApp app,
    TelegramSimulator telegram,
    History history,
    TimeProvider time
)
{
    private static readonly TimeSpan Before = TimeSpan.FromHours(2);

    private readonly string _title = $"Interview {number:00000}";
    private readonly long _candidate = 1_000_000 + number;
    private readonly long _recruiter = 5_000_000 + number;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        telegram.AddChat(_candidate, $"Candidate {number}");
        telegram.AddChat(_recruiter, $"Recruiter {number}");
        var first = WholeSecond(time.GetUtcNow() + due) + Before;
        var booking = (
            await app.CreateAsync(
                new(
                    _title,
                    first,
                    new($"Candidate {number}", "en", "UTC", _candidate),
                    new($"Recruiter {number}", "en", "UTC", _recruiter)
                ),
                cancellationToken
            )
        )!;
        await ApproveAsync(booking.Id, random.Next(1, 4), cancellationToken);
        await (
            random.Next(100) switch
            {
                < 35 => Task.CompletedTask,
                < 50 => MoveAsync(booking.Id, random.Next(1, 4), cancellationToken),
                < 62 => ThereAndBackAsync(booking.Id, first, cancellationToken),
                < 72 => WhenToldAsync(() => MoveAsync(booking.Id, 1, cancellationToken), cancellationToken),
                < 79 => PauseThenAsync(new CancelBooking(booking.Id), cancellationToken),
                < 84 => WhenToldAsync(() => app.AskAsync(new CancelBooking(booking.Id), cancellationToken), cancellationToken),
                < 93 => ReinstateAsync(booking.Id, cancellationToken),
                _ => WhenToldAsync(() => ApproveAsync(booking.Id, 2, cancellationToken), cancellationToken),
            }
        );
        if (random.Next(100) < 60)
        {
            await AnswerAsync(cancellationToken);
        }
    }

    private Task ApproveAsync(Guid id, int times, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(_ => app.AskAsync(new ApproveBooking(id), cancellationToken)));

    private async Task MoveAsync(Guid id, int times, CancellationToken cancellationToken)
    {
        for (var i = 0; i < times; i++)
        {
            await time.ForAsync(random.Between(0, 4), cancellationToken);
            await app.AskAsync(new MoveBooking(id, WholeSecond(time.GetUtcNow() + random.Between(1, 10)) + Before), cancellationToken);
        }
    }

    /// <summary>Away and back to the same instant, about when its reminder is due: before, in mid-send, or after.</summary>
    private async Task ThereAndBackAsync(Guid id, DateTimeOffset home, CancellationToken cancellationToken)
    {
        var untilDue = home - Before - time.GetUtcNow() + random.Between(-1, 1.5);
        if (untilDue > TimeSpan.Zero)
        {
            await time.ForAsync(untilDue, cancellationToken);
        }

        await app.AskAsync(new MoveBooking(id, WholeSecond(time.GetUtcNow() + random.Between(1, 10)) + Before), cancellationToken);
        await time.ForAsync(random.Next(2) == 0 ? TimeSpan.Zero : random.Between(0, 1), cancellationToken);
        await app.AskAsync(new MoveBooking(id, home), cancellationToken);
    }

    private async Task ReinstateAsync(Guid id, CancellationToken cancellationToken)
    {
        await PauseThenAsync(new CancelBooking(id), cancellationToken);
        await PauseThenAsync(new ApproveBooking(id), cancellationToken);
    }

    private async Task PauseThenAsync(Reminders.Commands.ICommand<Outcome<BookingView>> command, CancellationToken cancellationToken)
    {
        await time.ForAsync(random.Between(0, due.TotalSeconds + 1), cancellationToken);
        await app.AskAsync(command, cancellationToken);
    }

    private async Task WhenToldAsync(Func<Task> then, CancellationToken cancellationToken)
    {
        await ToldAsync(cancellationToken);
        await time.ForAsync(random.Between(0, 1.5), cancellationToken);
        await then();
    }

    /// <summary>The candidate's hand: on any message they got, once or in haste, and Telegram may repeat it.</summary>
    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        if (await ToldAsync(cancellationToken) is not { Count: > 0 } messages)
        {
            return;
        }

        var message = random.OneOf(messages);
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            var button = message.Buttons[random.Next(4) == 0 ? 1 : 0];
            history.Add(
                _title,
                telegram.Press(_candidate, message.MessageId, button.Data!, random.Next(1, 4), asTwoUpdates: random.Next(3) == 0)
            );
            await time.ForAsync(random.Between(0, 2), cancellationToken);
        }
    }

    /// <summary>Looks now and then, as people do; null when nothing came in good time.</summary>
    private async Task<IReadOnlyList<SentMessage>?> ToldAsync(CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + due + TimeSpan.FromSeconds(15);
        while (time.GetUtcNow() < until && !cancellationToken.IsCancellationRequested)
        {
            if (telegram.Record.MessagesTo(_candidate) is { Count: > 0 } messages)
            {
                return messages;
            }

            await time.ForAsync(TimeSpan.FromMilliseconds(250), cancellationToken);
        }
        return null;
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset instant) => instant.AddTicks(-(instant.UtcTicks % TimeSpan.TicksPerSecond));
}
