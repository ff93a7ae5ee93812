using Reminders.Channels;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 10: a broken channel is paused and keeps its queue; a broken recipient is dead. Rule 12: neither holds up
/// others.</summary>
public sealed class Trouble(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_revoked_token_keeps_the_queue_and_everything_is_sent_once_when_it_works_again()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: ("Outbox:BrokenChannelProbe", "00:00:01"));
        cluster.Telegram.RevokeToken();
        for (var chat = 1; chat <= 5; chat++)
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat));
        }

        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.channel WHERE broken_since IS NOT NULL)", Patience);
        // What was not taken before is queued, where operators look for it.
        await cluster.UntilAsync(
            "SELECT count(*) = 5 FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state IN ('pending', 'retry', 'sending')",
            Patience
        );
        cluster.Telegram.RestoreToken();
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 5, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent' AND attempts = 1) FROM reminders.outbox", Patience);
        await cluster.UntilAsync("SELECT NOT EXISTS (SELECT FROM reminders.channel WHERE broken_since IS NOT NULL)", Patience);
        Assert.All(Enumerable.Range(1, 5), chat => Assert.Single(cluster.Telegram.Record.MessagesTo(chat)));
    }

    [Fact]
    public async Task While_the_channel_is_broken_one_message_at_a_time_probes_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 3; chat++)
        {
            await hand.QueueAsync(chat);
        }

        var claims = await hand.Store.ClaimAsync("telegram", 10, default);
        await hand.SettleAsync(await hand.StartAsync(claims[0]), new SendResult.ChannelBroken("401"));
        await cluster.ExecuteAsync("UPDATE reminders.channel SET paused_until = now()");
        Assert.Single((await hand.BeginAsync(claims[1], claims[2])).Started);
    }

    [Fact]
    public async Task Who_blocked_the_bot_is_unreachable_the_recruiter_is_told_and_start_makes_them_reachable_again()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        cluster.Telegram.Block(1001);
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count > 0, Patience);
        Assert.Contains("was not reminded", Assert.Single(cluster.Telegram.Record.MessagesTo(9001)).Text, StringComparison.Ordinal);
        Assert.Equal("dead", await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE kind = 'CONFIRM_2H'"));
        Assert.Equal("unreachable", await cluster.ScalarAsync<string>("SELECT state FROM reminders.address WHERE address = '1001'"));

        var next = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ApproveAsync(next);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.occurrence WHERE state = 'waiting')", Patience);
        cluster.Telegram.SendText(1001, "/start");
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        Assert.Equal("reachable", await cluster.ScalarAsync<string>("SELECT state FROM reminders.address WHERE address = '1001'"));
    }

    [Fact]
    public async Task A_second_message_that_finds_its_recipient_unreachable_is_dead_and_the_recruiter_hears_of_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        await cluster.ExecuteAsync("UPDATE reminders.address SET state = 'unreachable', reason = '403' WHERE address = '1001'");
        var exchange = await hand.BeginAsync(claim);
        Assert.Empty(exchange.Started);
        Assert.True(exchange.Events);
        await hand.Events.PlanAsync(default);
        await hand.FireAsync();
        Assert.Equal(["CONFIRM_2H send dead", "REMINDER_SKIPPED send pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task Who_cannot_be_reached_is_written_to_once_over_the_next_channel_and_at_last_the_recruiter_hears_of_it()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ("Kinds:CONFIRM_2H:Channels:1", Letters.Name));
        var hand = new Hand(cluster, cluster.AddStillNode(new Letters().AddTo));
        var booking = await hand.QueueAsync();
        await Letters.AddressAsync(cluster, 1001);
        await hand.DeliverAsync(new SendResult.Unreachable("403"));
        Assert.Equal(["CONFIRM_2H send dead", "CONFIRM_2H send pending"], await hand.MessagesAsync(booking));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.event"));

        // Reachable again by now, and all the same there is no way back.
        await cluster.ExecuteAsync("UPDATE reminders.address SET state = 'reachable'");
        await hand.DeliverAsync(new SendResult.Unreachable("moved away"), Letters.Name);
        Assert.Equal(["CONFIRM_2H send dead", "CONFIRM_2H send dead"], await hand.MessagesAsync(booking));
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.event WHERE name = 'reminder_skipped'"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1000")]
    public async Task A_second_message_that_finds_its_recipient_unreachable_goes_over_the_next_channel(string perSecond)
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides: [("Kinds:CONFIRM_2H:Channels:1", Letters.Name), ("Outbox:Limits:telegram:PerSecond", perSecond)]
        );
        var hand = new Hand(cluster, cluster.AddStillNode(new Letters().AddTo));
        var booking = await hand.QueueAsync();
        await Letters.AddressAsync(cluster, 1001);
        await cluster.ExecuteAsync("UPDATE reminders.address SET state = 'unreachable', reason = '403' WHERE address = '1001'");
        Assert.Empty((await hand.BeginAsync(await hand.ClaimAsync())).Started);
        Assert.Equal(["CONFIRM_2H send dead", "CONFIRM_2H send pending"], await hand.MessagesAsync(booking));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.event"));
        await hand.DeliverAsync(new SendResult.Sent("L1"), Letters.Name);
        Assert.Equal(["CONFIRM_2H send dead", "CONFIRM_2H send sent"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task The_order_of_channels_never_leads_back()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides: [("Kinds:CONFIRM_2H:Channels:0", Letters.Name), ("Kinds:CONFIRM_2H:Channels:1", "telegram")]
        );
        var hand = new Hand(cluster, cluster.AddStillNode(new Letters().AddTo));
        var booking = await hand.QueueAsync();
        await Letters.AddressAsync(cluster, 1001);
        await hand.DeliverAsync(new SendResult.Unreachable("403"));
        Assert.Equal(["CONFIRM_2H send dead"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task A_late_403_does_not_undo_a_start_that_came_meanwhile()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.ClaimAndStartAsync();
        await cluster.ExecuteAsync("UPDATE reminders.address SET changed_at = clock_timestamp() WHERE address = '1001'");
        await hand.SettleAsync(message, new SendResult.Unreachable("403"));
        Assert.Equal("reachable", await cluster.ScalarAsync<string>("SELECT state FROM reminders.address WHERE address = '1001'"));
    }

    /// <summary>A template that nothing could fill is refused at start; data that somebody took away by hand is not foreseen by
    /// anybody.</summary>
    [Fact]
    public async Task A_message_that_cannot_be_rendered_is_dead_at_once_and_holds_up_nobody()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            overrides:
            [
                ("Kinds:NO_ANSWER_1H:Templates:en:text", "{place}"),
                ("Kinds:NO_ANSWER_1H:Wait", "00:00:00"),
                ("Kinds:NO_ANSWER_1H:After", ""),
            ]
        );
        // Both of the recruiter's and the candidate's messages are due; the poisoned one was first in line.
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-65));
        await cluster.ExecuteAsync("UPDATE reminders.subject SET data = data - 'place'");
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        await cluster.UntilAsync("SELECT state = 'dead' FROM reminders.outbox WHERE kind = 'NO_ANSWER_1H'", Patience);
        Assert.Empty(cluster.Telegram.Record.MessagesTo(9001));
        Assert.StartsWith(
            "cannot be rendered",
            await cluster.ScalarAsync<string>("SELECT outcome FROM reminders.attempt WHERE outcome <> 'sent'"),
            StringComparison.Ordinal
        );
    }
}
