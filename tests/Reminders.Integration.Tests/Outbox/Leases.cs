using Reminders.Channels;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 5: every transition is a compare-and-set on (id, state, lease token). Rule 6: the start is committed first.</summary>
public sealed class Leases(Postgres postgres)
{
    [Fact]
    public async Task A_claim_raises_the_token_and_no_second_claim_gets_the_message()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        Assert.Equal(1, claim.Token);
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        Assert.Equal("sending", await hand.StateAsync(claim.Id));
        Assert.False(await cluster.ScalarAsync<bool>("SELECT send_started_at IS NOT NULL FROM reminders.outbox WHERE id = $1", claim.Id));
    }

    [Fact]
    public async Task Claims_of_many_nodes_at_once_never_meet()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 12; chat++)
        {
            await hand.QueueAsync(chat);
        }

        var other = new Hand(cluster, cluster.AddStillNode());
        var claims = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? hand : other).Store.ClaimAsync("telegram", 3, default))
        );
        Assert.Distinct(claims.SelectMany(batch => batch).Select(claim => claim.Id));
        Assert.Equal(12, claims.Sum(batch => batch.Count) + (await hand.Store.ClaimAsync("telegram", 100, default)).Count);
    }

    [Fact]
    public async Task The_start_is_committed_before_the_first_byte()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var started = await hand.ClaimAndStartAsync();
        Assert.True(
            await cluster.ScalarAsync<bool>("SELECT send_started_at IS NOT NULL FROM reminders.outbox WHERE id = $1", started.Claim.Id)
        );
    }

    [Fact]
    public async Task Who_lost_the_lease_can_neither_start_nor_settle()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var late = await hand.ClaimAsync();
        await hand.RunOutAsync(late);
        Assert.Empty((await hand.BeginAsync(late)).Started);
        await hand.Reaper.ReapAsync(default);

        var next = await hand.ClaimAsync();
        Assert.True(next.Token > late.Token);
        Assert.Empty((await hand.BeginAsync(late)).Started);
        var message = await hand.StartAsync(next);
        await hand.SettleAsync(message with { Claim = late }, new SendResult.Sent("13"));
        Assert.Equal("sending", await hand.StateAsync(next.Id));

        await hand.SettleAsync(message, new SendResult.Sent("14"));
        await hand.SettleAsync(message, new SendResult.Rejected("again"));
        Assert.Equal("sent", await hand.StateAsync(next.Id));
        Assert.Equal("14", await cluster.ScalarAsync<string>("SELECT provider_message_id FROM reminders.outbox WHERE id = $1", next.Id));
    }

    [Fact]
    public async Task A_lease_that_holds_is_left_alone()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        await hand.Reaper.ReapAsync(default);
        var message = await hand.StartAsync(claim);
        Assert.False(await hand.Reaper.ReapAsync(default));
        await hand.SettleAsync(message, new SendResult.Sent("13"));
        Assert.Equal("sent", await hand.StateAsync(claim.Id));
    }

    [Fact]
    public async Task A_lease_lost_before_the_start_makes_the_message_pending_again()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        await hand.QueueAsync(1002);
        await hand.RunOutAsync(claim);
        Assert.False(await hand.Reaper.ReapAsync(default));
        Assert.Equal("pending", await hand.StateAsync(claim.Id));
        Assert.Equal(0, await cluster.ScalarAsync<int>("SELECT attempts FROM reminders.outbox WHERE id = $1", claim.Id));
        // Before those that came while its node was lost.
        Assert.Equal(claim.Id, Assert.Single(await hand.Store.ClaimAsync("telegram", 1, default)).Id);
    }

    [Fact]
    public async Task A_lease_lost_after_the_start_is_a_doubt_and_stays_one()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.ClaimAndStartAsync();
        await hand.RunOutAsync(message.Claim);
        Assert.True(await hand.Reaper.ReapAsync(default));
        Assert.Equal("uncertain", await hand.StateAsync(message.Claim.Id));
        Assert.Equal(
            "lease lost",
            await cluster.ScalarAsync<string>("SELECT outcome FROM reminders.every_attempt WHERE message_id = $1", message.Claim.Id)
        );
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        await hand.SettleAsync(message, new SendResult.NotDelivered("a late answer"));
        Assert.Equal("uncertain", await hand.StateAsync(message.Claim.Id));
    }

    [Fact]
    public async Task A_lease_lost_on_a_started_edit_repeats_the_edit()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.SendAsync(new Reminders.Bookings.CancelBooking(booking));
        var edit = await hand.ClaimAndStartAsync();
        Assert.Equal(DeliveryOperation.Edit, edit.Operation);
        await hand.RunOutAsync(edit.Claim);
        Assert.False(await hand.Reaper.ReapAsync(default));
        Assert.Equal("retry", await hand.StateAsync(edit.Claim.Id));
    }

    [Fact]
    public async Task What_a_stopping_node_gives_back_is_pending_at_once_and_costs_no_attempt()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        await hand.Store.ReleaseAsync([claim], default);
        Assert.Equal("pending", await hand.StateAsync(claim.Id));
        var again = await hand.ClaimAsync();
        Assert.Equal(0, (await hand.StartAsync(again)).Attempts);

        await hand.Store.ReleaseAsync([claim], default);
        Assert.Equal("sending", await hand.StateAsync(claim.Id));
    }

    [Fact]
    public async Task A_start_whose_commit_nobody_heard_of_may_be_asked_for_again()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        await hand.StartAsync(claim);
        Assert.Equal(claim, (await hand.StartAsync(claim)).Claim);
    }
}
