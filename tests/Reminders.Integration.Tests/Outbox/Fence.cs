using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>What a change of the booking does to messages wherever they stand (design: "The outbox message").</summary>
[Trait("Suite", "Quick")]
public sealed class Fence(Postgres postgres)
{
    [Fact]
    public async Task A_pending_message_is_cancelled()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await cluster.SendAsync(new CancelBooking(booking));
        Assert.Equal(["CONFIRM_2H send cancelled"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task A_message_that_waits_for_another_try_is_cancelled()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.NotDelivered("refused"));
        await cluster.MoveAsync(booking, await cluster.StartOfAsync(booking) + TimeSpan.FromDays(1));
        Assert.Equal(["CONFIRM_2H send cancelled"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task A_claimed_message_that_has_not_started_is_cancelled_and_its_claimer_turned_away()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        await cluster.MoveAsync(booking, await cluster.StartOfAsync(booking) + TimeSpan.FromDays(1));
        Assert.Equal(["CONFIRM_2H send cancelled"], await hand.MessagesAsync(booking));
        Assert.Empty((await hand.BeginAsync(claim)).Started);
        Assert.Equal(["CONFIRM_2H send cancelled"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task The_start_itself_turns_away_what_is_not_wanted_any_more()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        // Not by a command, so no fence ran: the last look has to see it by itself.
        await cluster.ExecuteAsync("UPDATE reminders.subject SET version = version + 1");
        Assert.Empty((await hand.BeginAsync(claim)).Started);
        Assert.Equal(["CONFIRM_2H send cancelled"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task A_message_in_flight_is_marked_and_edited_when_it_turns_out_sent()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.ClaimAndStartAsync();
        await cluster.MoveAsync(booking, await cluster.StartOfAsync(booking) + TimeSpan.FromDays(1));
        Assert.Equal("sending", await hand.StateAsync(message.Claim.Id));
        await hand.SettleAsync(message, new SendResult.Sent("77"));
        Assert.Equal(["CONFIRM_2H send sent", "CONFIRM_2H edit pending"], await hand.MessagesAsync(booking));

        var shown = hand.Render(await hand.ClaimAndStartAsync());
        Assert.Contains("was moved", shown.Text, StringComparison.Ordinal);
        Assert.Empty(shown.Buttons);
        Assert.Equal("77", shown.ProviderMessageId);
    }

    [Fact]
    public async Task A_message_in_flight_that_was_not_delivered_is_not_tried_again_for_the_old_time()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.ClaimAndStartAsync();
        await cluster.MoveAsync(booking, await cluster.StartOfAsync(booking) + TimeSpan.FromDays(1));
        await hand.SettleAsync(message, new SendResult.NotDelivered("refused"));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
        Assert.Empty((await hand.BeginAsync(await hand.ClaimAsync())).Started);
        Assert.Equal(["CONFIRM_2H send cancelled"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task A_delivered_message_stays_sent_and_is_edited()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.SendAsync(new CancelBooking(booking));
        Assert.Equal(["CONFIRM_2H send sent", "CONFIRM_2H edit pending"], await hand.MessagesAsync(booking));
        var shown = hand.Render(await hand.ClaimAndStartAsync());
        Assert.Contains("cancelled", shown.Text, StringComparison.Ordinal);
        Assert.Empty(shown.Buttons);
    }

    [Fact]
    public async Task Of_two_edits_that_wait_only_the_newer_is_sent()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        var start = await cluster.StartOfAsync(booking);
        await cluster.MoveAsync(booking, start + TimeSpan.FromDays(1));
        await cluster.MoveAsync(booking, start + TimeSpan.FromDays(2));
        Assert.Equal(["CONFIRM_2H send sent", "CONFIRM_2H edit cancelled", "CONFIRM_2H edit pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task Two_edits_of_one_message_are_never_under_way_together()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        var start = await cluster.StartOfAsync(booking);
        await cluster.MoveAsync(booking, start + TimeSpan.FromDays(1));
        var older = await hand.ClaimAndStartAsync();
        await cluster.MoveAsync(booking, start + TimeSpan.FromDays(2));
        // Overtaking would leave the older text for good: the newer waits until the older is settled.
        Assert.Empty((await hand.BeginAsync(await hand.ClaimAsync())).Started);
        await hand.SettleAsync(older, new SendResult.Sent("77"));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now() WHERE state = 'pending'");
        Assert.True((await hand.ClaimAndStartAsync()).Claim.Id > older.Claim.Id);
    }

    [Fact]
    public async Task An_edit_that_is_claimed_but_not_started_gives_way_to_a_newer_one()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        var start = await cluster.StartOfAsync(booking);
        await cluster.MoveAsync(booking, start + TimeSpan.FromDays(1));
        var older = await hand.ClaimAsync();
        await cluster.MoveAsync(booking, start + TimeSpan.FromDays(2));
        Assert.Empty((await hand.BeginAsync(older)).Started);
        Assert.Equal("cancelled", await hand.StateAsync(older.Id));
    }
}
