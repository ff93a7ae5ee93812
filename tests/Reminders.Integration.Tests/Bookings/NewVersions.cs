using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>Rule 3: another candidate, and a booking that was off and is on again, are told anew.</summary>
[Trait("Suite", "Quick")]
public sealed class NewVersions(Postgres postgres)
{
    [Fact]
    public async Task Another_candidate_is_told_and_the_former_one_sees_that_it_is_off()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var former = await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.SendAsync(new ChangeCandidate(booking, new PersonDraft("Boris", TelegramChatId: 2002)));
        await hand.FireAsync();
        var messages = (await hand.Store.ClaimAsync("telegram", 10, default)).ToArray();
        var started = (await hand.BeginAsync(messages)).Started;
        var edit = hand.Render(Assert.Single(started, message => message.Operation == DeliveryOperation.Edit));
        Assert.Equal(("1001", "🚫 This interview was cancelled.", 0), (edit.Address, edit.Text, edit.Buttons.Count));
        var anew = hand.Render(Assert.Single(started, message => message.Operation == DeliveryOperation.Send));
        Assert.Equal("2002", anew.Address);
        Assert.StartsWith("Hello Boris!", anew.Text, StringComparison.Ordinal);
        Assert.Equal(AnswerEffect.Cancelled, await hand.PressAsync(former, "confirm"));
    }

    [Fact]
    public async Task Given_to_another_and_back_the_first_is_told_anew_though_the_time_is_the_same()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.SendAsync(new ChangeCandidate(booking, new PersonDraft("Boris", TelegramChatId: 2002)));
        await cluster.SendAsync(new ChangeCandidate(booking, new PersonDraft("Anna", TelegramChatId: 1001)));
        await hand.FireAsync();
        Assert.Equal(["1 fired", "2 cancelled superseded 3", "3 fired"], await hand.LedgerAsync(booking));
    }

    [Fact]
    public async Task Naming_the_same_candidate_again_changes_no_version()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var outcome = Assert.IsType<Outcome<BookingView>.Done>(
            await cluster.SendAsync(new ChangeCandidate(booking, new PersonDraft("Anna Maria", TelegramChatId: 1001)))
        );
        Assert.False(outcome.Changed);
        Assert.Equal(1, outcome.Value.ScheduleVersion);
        Assert.Equal("Anna Maria", outcome.Value.Candidate.Name);
        Assert.StartsWith("Hello Anna Maria!", hand.Render(await hand.ClaimAndStartAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_and_reinstated_is_announced_anew()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.SendAsync(new CancelBooking(booking));
        await cluster.SendAsync(new CancelBooking(booking));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => cluster.ApproveAsync(booking)));
        await hand.FireAsync();
        Assert.Equal(["1 fired", "2 fired"], await hand.LedgerAsync(booking));
        Assert.Equal(
            ["CONFIRM_2H send sent", "CONFIRM_2H edit cancelled", "CONFIRM_2H edit pending", "CONFIRM_2H send pending"],
            await hand.MessagesAsync(booking)
        );
    }

    [Fact]
    public async Task A_cancelled_booking_sends_nothing_more()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(5));
        await cluster.ApproveAsync(booking);
        await cluster.SendAsync(new CancelBooking(booking));
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = now() - interval '1 minute'");
        Assert.Equal(0, await hand.FireAsync());
        Assert.Equal(["1 cancelled subject_is: cancelled"], await hand.LedgerAsync(booking));
        Assert.IsType<Outcome<BookingView>.Conflict>(
            await cluster.SendAsync(new MoveBooking(booking, TimeProvider.System.GetUtcNow().AddDays(1)))
        );
    }

    [Theory]
    [InlineData("status = 'declined'", "1 cancelled subject_is: declined")]
    [InlineData("version = 2", "1 cancelled superseded 2")]
    public async Task Firing_itself_passes_over_what_the_booking_does_not_want_any_more(string change, string passedOver)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(5));
        await cluster.ApproveAsync(booking);
        // Not by a command, so no fence ran: a trigger says when, never whether.
        await cluster.ExecuteAsync($"UPDATE reminders.subject SET {change}");
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = now() - interval '1 minute'");
        await hand.FireAsync();
        Assert.Equal([passedOver], await hand.LedgerAsync(booking));
        Assert.Empty(await hand.MessagesAsync(booking));
    }
}
