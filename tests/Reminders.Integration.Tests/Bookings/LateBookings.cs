using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>Rule 11: a booking made after its reminder's due time is reminded at once, or skipped below the minimum lead.</summary>
public sealed class LateBookings(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_booking_an_hour_and_a_half_ahead_is_reminded_at_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-30)));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_booking_below_the_minimum_lead_is_not_reminded_and_the_recruiter_hears_of_it_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        // Fourteen minutes ahead: CONFIRM_2H asks for fifteen.
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-106));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => cluster.ApproveAsync(booking, i % 2)));
        await cluster.Telegram.Record.WaitForAsync(
            record => record.MessagesTo(9001).Any(message => message.Text.Contains("was not reminded", StringComparison.Ordinal)),
            Patience
        );
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        Assert.Empty(cluster.Telegram.Record.MessagesTo(1001));
        Assert.Equal(
            "below_minimum_lead",
            await cluster.ScalarAsync<string>("SELECT reason FROM reminders.occurrence WHERE state = 'skipped'")
        );
        Assert.Single(
            cluster.Telegram.Record.MessagesTo(9001),
            message => message.Text.Contains("was not reminded", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_slot_that_began_can_no_longer_be_approved()
    {
        var (cluster, _) = await Hand.StillAsync(postgres);
        await using var __ = cluster;
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = now() - interval '1 second'");
        Assert.IsType<Outcome<BookingView>.Conflict>(await cluster.ApproveAsync(booking));
    }

    [Fact]
    public async Task Moved_back_below_the_minimum_lead_to_what_the_candidate_knows_is_no_alarm()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        // As if an hour and a half had passed since: the slot comes nearer, and what was told of it with it.
        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = now() + interval '14 minutes'");
        await cluster.ExecuteAsync(
            "UPDATE reminders.occurrence o SET told = s.told FROM reminders.subject s WHERE s.id = o.subject_id AND o.kind = 'CONFIRM_2H'"
        );
        var a = await cluster.StartOfAsync(booking);
        await cluster.MoveAsync(booking, a + TimeSpan.FromDays(1));
        await cluster.MoveAsync(booking, a);
        Assert.Contains("3 skipped below_minimum_lead", await hand.LedgerAsync(booking));
        Assert.False(await hand.Events.PlanAsync(default));
    }

    [Fact]
    public async Task Who_cannot_be_reached_yet_is_reminded_when_they_are_and_otherwise_the_recruiter_hears_of_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var created = Assert.IsType<Outcome<BookingView>.Done>(
            await cluster.SendAsync(
                new CreateBooking(
                    "QA",
                    TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(100),
                    new PersonDraft("Vera", Reference: "vera"),
                    new PersonDraft("Rita", TelegramChatId: 9001)
                )
            )
        );
        var booking = created.Value.Id;
        await cluster.ApproveAsync(booking);
        await hand.FireAsync();
        Assert.Equal(["1 waiting no_address"], await hand.LedgerAsync(booking));

        // Another booking names her chat: what waited for it goes out.
        await cluster.SendAsync(
            new CreateBooking(
                "QA 2",
                TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1),
                new PersonDraft("Vera", TelegramChatId: 3003, Reference: "vera"),
                new PersonDraft("Rita", TelegramChatId: 9001)
            )
        );
        await hand.FireAsync();
        Assert.Equal(["CONFIRM_2H send pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task Who_was_not_reachable_while_it_was_of_use_is_skipped_and_the_recruiter_hears_of_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ExecuteAsync("DELETE FROM reminders.address WHERE address = '1001'");
        await cluster.ApproveAsync(booking);
        await hand.FireAsync();
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET useful_until = now() WHERE kind = 'CONFIRM_2H'");
        await hand.Reaper.ExpireAsync(default);
        await hand.Events.PlanAsync(default);
        await hand.FireAsync();
        Assert.Equal(["REMINDER_SKIPPED send pending"], await hand.MessagesAsync(booking));
    }
}
