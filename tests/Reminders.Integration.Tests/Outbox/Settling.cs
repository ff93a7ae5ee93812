using Reminders.Channels;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>The right half of the state table: what an attempt's outcome makes of its message.</summary>
[Trait("Suite", "Quick")]
public sealed class Settling(Postgres postgres)
{
    public static TheoryData<SendResult, string, int> Outcomes =>
        new()
        {
            { new SendResult.Sent("5"), "sent", 1 },
            { new SendResult.NotDelivered("refused"), "retry", 1 },
            { new SendResult.Throttled(TimeSpan.FromSeconds(3), ThrottleScope.Channel, "429"), "retry", 0 },
            { new SendResult.Throttled(TimeSpan.FromSeconds(3), ThrottleScope.Recipient, "429"), "retry", 0 },
            { new SendResult.ChannelBroken("401"), "retry", 0 },
            { new SendResult.Rejected("400"), "dead", 1 },
            { new SendResult.Unreachable("403"), "dead", 1 },
            { new SendResult.Unreachable("migrated", "-1002"), "retry", 1 },
            { new SendResult.Uncertain("timeout"), "uncertain", 1 },
        };

    [Theory]
    [MemberData(nameof(Outcomes), DisableDiscoveryEnumeration = true)]
    public async Task Each_outcome_has_its_state_and_its_cost(SendResult outcome, string state, int attempts)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.DeliverAsync(outcome);
        Assert.Equal(state, await hand.StateAsync(message.Claim.Id));
        Assert.Equal(attempts, await cluster.ScalarAsync<int>("SELECT attempts FROM reminders.outbox WHERE id = $1", message.Claim.Id));
        Assert.Equal(
            1,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.every_attempt WHERE message_id = $1", message.Claim.Id)
        );
        Assert.True(
            await cluster.ScalarAsync<bool>(
                "SELECT (send_started_at IS NULL) = (state = 'retry') AND (settled_at IS NULL) = (state = 'retry') FROM reminders.outbox"
            )
        );
    }

    [Fact]
    public async Task A_definite_failure_is_tried_again_later_and_at_last_is_dead()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Outbox:MaxAttempts", "2"));
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.NotDelivered("refused"));
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
        await hand.DeliverAsync(new SendResult.NotDelivered("refused"));
        Assert.Equal("dead", await hand.StateAsync(message.Claim.Id));
    }

    [Fact]
    public async Task An_uncertain_edit_is_repeated()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.SendAsync(new Reminders.Bookings.CancelBooking(booking));
        var edit = await hand.DeliverAsync(new SendResult.Uncertain("timeout"));
        Assert.Equal("retry", await hand.StateAsync(edit.Claim.Id));
    }

    [Fact]
    public async Task By_policy_resend_a_doubt_ends_and_a_new_message_takes_the_next_number()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var first = await hand.ClaimAndStartAsync();
        await hand.SettleAsync(first, new SendResult.Uncertain("timeout"), UncertainPolicy.Resend);
        Assert.Equal(["CONFIRM_2H send dead", "CONFIRM_2H send pending"], await hand.MessagesAsync(booking));
        Assert.Equal("0,1", await cluster.ScalarAsync<string>("SELECT string_agg(number::text, ',' ORDER BY id) FROM reminders.outbox"));
    }

    [Fact]
    public async Task By_policy_resend_a_lost_lease_is_sent_again_under_the_next_number()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Kinds:CONFIRM_2H:Uncertain:telegram", "Resend"));
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var first = await hand.ClaimAndStartAsync();
        await hand.RunOutAsync(first.Claim);
        await hand.Reaper.ReapAsync(default);
        Assert.Equal(["CONFIRM_2H send dead", "CONFIRM_2H send pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task A_group_that_became_a_supergroup_is_written_to_at_its_new_address()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Unreachable("migrated", "-1002"));
        Assert.Equal("-1002", (await hand.ClaimAndStartAsync()).Address);
    }
}
