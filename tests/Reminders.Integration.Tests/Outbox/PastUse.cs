using Reminders.Channels;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 11: nothing is sent past its use, and whoever has to act instead is told.</summary>
[Trait("Suite", "Quick")]
public sealed class PastUse(Postgres postgres)
{
    [Fact]
    public async Task A_message_past_its_use_dies_at_the_start_and_the_recruiter_hears_of_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET useful_until = now() - interval '1 second'");
        var exchange = await hand.BeginAsync(await hand.ClaimAsync());
        Assert.Empty(exchange.Started);
        Assert.True(exchange.Events);
        await hand.Events.PlanAsync(default);
        await hand.FireAsync();
        Assert.Equal(["CONFIRM_2H send dead", "REMINDER_SKIPPED send pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task An_occurrence_past_its_use_is_skipped_when_it_fires_and_the_recruiter_hears_of_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(5));
        await cluster.ApproveAsync(booking);
        await cluster.ExecuteAsync(
            "UPDATE reminders.occurrence SET due_at = now() - interval '1 hour', useful_until = now() - interval '1 second' "
                + "WHERE kind = 'CONFIRM_2H'"
        );
        await hand.FireAsync();
        Assert.Equal(["1 skipped past_use"], await hand.LedgerAsync(booking));
        await hand.Events.PlanAsync(default);
        await hand.FireAsync();
        Assert.Equal(["REMINDER_SKIPPED send pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task A_doubt_that_outlived_its_use_is_dead()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Uncertain("timeout"));
        await hand.Reaper.ExpireAsync(default);
        Assert.Equal("uncertain", await hand.StateAsync(message.Claim.Id));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET useful_until = now()");
        await hand.Reaper.ExpireAsync(default);
        Assert.Equal("dead", await hand.StateAsync(message.Claim.Id));
    }
}
