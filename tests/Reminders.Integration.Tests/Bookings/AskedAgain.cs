using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>A candidate who declined is asked again because a recruiter wants it so: once, however many want it at once.</summary>
public sealed class AskedAgain(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Whoever_declined_gets_one_more_message_however_many_ask_at_once_on_both_nodes()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.Zero, 1001);
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        await cluster.SendAsync(new RecordAnswer(booking, "decline", "Rita", "phone"));

        var asked = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(n => Task.Run(() => cluster.SendAsync(new AskAgain(booking), node: n % 2)))
        );
        Assert.Single(asked.OfType<Outcome<BookingView>.Done>());
        Assert.All(
            asked.OfType<Outcome<BookingView>.Conflict>(),
            refused => Assert.Contains("The booking is approved", refused.Reason, StringComparison.Ordinal)
        );
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 2, Patience);
        Assert.Equal(
            "approved 2",
            await cluster.ScalarAsync<string>("SELECT status || ' ' || version FROM reminders.subject WHERE key = $1", $"{booking}")
        );
        // The second one is answered like any other.
        Assert.IsType<Outcome<RecordedAnswer>.Done>(await cluster.SendAsync(new RecordAnswer(booking, "confirm", "Rita", "phone")));
        Assert.Equal("confirmed", await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", $"{booking}"));
        Assert.Equal(2, cluster.Telegram.Record.MessagesTo(1001).Count);
    }

    [Fact]
    public async Task Whoever_has_not_answered_or_confirmed_is_not_and_neither_is_anybody_once_it_has_begun()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        await RefusedAsync("The booking is proposed");
        await cluster.ApproveAsync(booking);
        await RefusedAsync("The booking is approved");
        await cluster.SendAsync(new RecordAnswer(booking, "confirm", "Rita", "phone"));
        await RefusedAsync("The booking is confirmed");

        // What was called off is asked about again, as a new version.
        await cluster.SendAsync(new CancelBooking(booking));
        Assert.IsType<Outcome<BookingView>.Done>(await cluster.SendAsync(new AskAgain(booking)));
        Assert.Equal(
            1,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H' AND state = 'planned'")
        );
        await cluster.SendAsync(new CancelBooking(booking));
        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = now()");
        await RefusedAsync("The booking started at");
        Assert.IsType<Outcome<BookingView>.NotFound>(await cluster.SendAsync(new AskAgain(Guid.NewGuid())));

        async Task RefusedAsync(string why) =>
            Assert.StartsWith(
                why,
                Assert.IsType<Outcome<BookingView>.Conflict>(await cluster.SendAsync(new AskAgain(booking))).Reason,
                StringComparison.Ordinal
            );
    }
}
