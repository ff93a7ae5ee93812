using Reminders.Bookings;
using Reminders.Integration.Tests.Support;
using Reminders.Sandbox.Telegram;

namespace Reminders.Integration.Tests.Bookings;

public sealed class ThereAndBack(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Rule 3: whoever already knows A is not told A twice. But a message in flight is not knowledge yet: here it ends in a
    /// 429 and is cancelled for its old version, so the new one has to go.
    /// </summary>
    [Fact]
    public async Task Moved_away_and_back_while_the_first_reminder_is_in_flight_and_then_refused_the_candidate_is_still_told()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: ("Telegram:SendTimeout", "00:00:15"));
        cluster.Telegram.Faults.Add(new(FaultKind.Delay) { Next = 1, Delay = TimeSpan.FromSeconds(6) }).Next(FaultKind.TooManyRequests);
        var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(1));
        var home = Assert.IsType<Outcome<BookingView>.Done>(await cluster.ApproveAsync(booking)).Value.StartsAt;
        await cluster.UntilAsync(
            "SELECT EXISTS (SELECT FROM reminders.outbox WHERE state = 'sending' AND send_started_at IS NOT NULL)", Patience);

        await cluster.SendAsync(new MoveBooking(booking, home.AddHours(3)));
        await cluster.SendAsync(new MoveBooking(booking, home));

        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience);
        await cluster.UntilAsync("SELECT NOT EXISTS (SELECT FROM reminders.outbox WHERE state IN ('pending', 'retry', 'sending'))", Patience);
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }
}
