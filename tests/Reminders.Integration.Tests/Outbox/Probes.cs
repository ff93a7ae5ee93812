using Reminders.Channels;
using Reminders.Integration.Tests.Crashes;
using Reminders.Integration.Tests.Support;
using Reminders.Outbox;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Of a channel in trouble one message goes at a time, over the cluster, and what becomes of it decides (rules 9 and
/// 10).</summary>
public sealed class Probes(Postgres postgres)
{
    private const string Asked = "SELECT throttled_at IS NOT NULL AND NOT sent_since FROM reminders.channel";
    private const string Waits = "SELECT coalesce(paused_until > now() + interval '20 seconds', false) FROM reminders.channel";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly SendResult TooMany = new SendResult.Throttled(TimeSpan.FromSeconds(40), ThrottleScope.Unknown, "429");

    [Fact]
    public async Task A_probe_to_somebody_else_that_arrives_lets_the_others_go()
    {
        var (cluster, hand) = await AskedAsync(others: 3);
        await using var _ = cluster;
        var probe = await ProbeAsync(hand);
        // Nobody else goes meanwhile, and nobody looks again and again.
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        Assert.InRange((await hand.Store.NextDueAsync("telegram", [], default)).Wait!.Value.TotalSeconds, 5, 30);
        await hand.SettleAsync(probe, new SendResult.Sent("1"));
        Assert.False(await cluster.ScalarAsync<bool>(Asked));
        Assert.Equal(2, (await BeginAllAsync(hand)).Started.Count);
    }

    [Fact]
    public async Task A_probe_to_somebody_else_that_meets_a_429_too_stops_the_channel_and_after_its_wait_one_goes_first()
    {
        var (cluster, hand) = await AskedAsync(others: 3);
        await using var _ = cluster;
        await hand.SettleAsync(await ProbeAsync(hand), TooMany);
        Assert.True(await cluster.ScalarAsync<bool>(Waits));
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        await cluster.ExecuteAsync("UPDATE reminders.channel SET paused_until = now()");
        await hand.SettleAsync(await ProbeAsync(hand), new SendResult.Sent("1"));
        Assert.Single((await BeginAllAsync(hand)).Started);
    }

    public static TheoryData<SendResult> TellsNothing =>
        [
            new SendResult.Uncertain("502"),
            new SendResult.Rejected("400"),
            new SendResult.Unreachable("403"),
            new SendResult.NotDelivered("refused"),
        ];

    [Theory]
    [MemberData(nameof(TellsNothing))]
    public async Task A_probe_that_tells_nothing_is_followed_by_the_next_at_once(SendResult result)
    {
        var (cluster, hand) = await AskedAsync(others: 3);
        await using var _ = cluster;
        var first = await ProbeAsync(hand);
        await hand.SettleAsync(first, result);
        var second = await ProbeAsync(hand);
        Assert.NotEqual(first.Claim.Id, second.Claim.Id);
        await hand.SettleAsync(second, new SendResult.Sent("1"));
        Assert.False(await cluster.ScalarAsync<bool>(Asked));
    }

    [Fact]
    public async Task Where_only_the_same_recipients_messages_wait_they_wait_for_their_wait_and_a_second_429_says_nothing_new()
    {
        var (cluster, hand) = await AskedAsync(others: 0);
        await using var _ = cluster;
        await hand.QueueAsync(1001);
        Assert.Empty((await BeginAllAsync(hand)).Started);
        Assert.Equal(
            2,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE due_at > now() + interval '20 seconds'")
        );
        await WaitIsOverAsync(cluster);
        await hand.SettleAsync(await ProbeAsync(hand), TooMany);
        Assert.False(await cluster.ScalarAsync<bool>(Waits));
        // Whoever comes now tells at once.
        await hand.QueueAsync(7);
        await hand.SettleAsync(await ProbeAsync(hand), new SendResult.Sent("1"));
        Assert.False(await cluster.ScalarAsync<bool>(Asked));
    }

    [Fact]
    public async Task Those_that_had_left_when_the_first_429_came_say_nothing_of_the_channel()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 4; chat++)
        {
            await hand.QueueAsync(chat);
        }

        var window = (await BeginAllAsync(hand)).Started;
        Assert.Equal(4, window.Count);
        await hand.SettleAsync(window[0], TooMany);
        await hand.SettleAsync(window[1], TooMany);
        await hand.SettleAsync(window[2], new SendResult.Sent("1"));
        Assert.True(await cluster.ScalarAsync<bool>(Asked));
        Assert.False(await cluster.ScalarAsync<bool>(Waits));
    }

    [Fact]
    public async Task Another_message_to_the_same_recipient_that_meets_a_429_says_nothing_new_of_the_channel()
    {
        var (cluster, hand) = await AskedAsync(others: 0);
        await using var _ = cluster;
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now() + interval '1 hour'");
        await hand.QueueAsync(1001);
        await cluster.ExecuteAsync("UPDATE reminders.throttle SET next_at = now()");
        var other = await ProbeAsync(hand);
        Assert.False(other.ThrottledBefore);
        await hand.SettleAsync(other, TooMany);
        Assert.False(await cluster.ScalarAsync<bool>(Waits));
        Assert.True(await cluster.ScalarAsync<bool>(Asked));
    }

    [Fact]
    public async Task A_429_of_one_that_had_left_before_does_not_ask_anew_what_the_probe_is_about_to_answer()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 2; chat++)
        {
            await hand.QueueAsync(chat);
        }

        var window = (await BeginAllAsync(hand)).Started;
        await hand.SettleAsync(window[0], TooMany);
        await hand.QueueAsync(3);
        var probe = await ProbeAsync(hand);
        await hand.SettleAsync(window[1], TooMany);
        await hand.SettleAsync(probe, new SendResult.Sent("1"));
        Assert.False(await cluster.ScalarAsync<bool>(Asked));
    }

    /// <summary>Of a channel that rests, somebody whose message it has not failed with says more than one who may hang by
    /// themselves.</summary>
    [Theory]
    [InlineData("0")]
    [InlineData("29")]
    public async Task A_probe_goes_to_somebody_the_channel_has_not_failed_with_lately(string perSecond)
    {
        var (cluster, hand) = await Hand.StillAsync(
            postgres,
            ("Outbox:DoubtsUntilRest", "2"),
            ("Outbox:Limits:telegram:PerSecond", perSecond)
        );
        await using var _ = cluster;
        for (var chat = 1; chat <= 2; chat++)
        {
            await hand.QueueAsync(chat);
            await hand.DeliverAsync(new SendResult.Uncertain("502"));
        }
        foreach (var chat in (long[])[1, 2, 3])
        {
            await hand.QueueAsync(chat);
        }

        await cluster.ExecuteAsync("UPDATE reminders.channel SET paused_until = NULL, answered_at = now() WHERE rests_since IS NOT NULL");
        Assert.Equal("3", (await ProbeAsync(hand)).Address);
    }

    [Theory]
    [InlineData("0", "00:00:00")]
    [InlineData("29", "00:00:00")]
    [InlineData("0", "00:00:01.05")]
    [InlineData("29", "00:00:01.05")]
    public async Task Two_nodes_at_once_agree_on_one_probe(string perSecond, string perRecipient)
    {
        var (cluster, hand) = await AskedAsync(
            others: 2,
            ("Outbox:Limits:telegram:PerSecond", perSecond),
            ("Outbox:Limits:telegram:PerRecipientInterval", perRecipient)
        );
        await using var _ = cluster;
        var other = new Hand(cluster, cluster.AddStillNode());
        var claims = await hand.Store.ClaimAsync("telegram", 10, default);
        Assert.Equal(2, claims.Count);
        var gate = await new CrashPoint("the probe", "BEFORE UPDATE OF probe_id ON reminders.channel").CloseAsync(cluster);
        var first = hand.BeginAsync(claims[0]);
        await gate.SomebodyWaitsAsync(Patience);
        var second = other.BeginAsync(claims[1]);
        await cluster.UntilAsync(
            "SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            Patience
        );
        await gate.DisposeAsync();
        var exchanges = await Task.WhenAll(first, second);
        Assert.True(Assert.Single(exchanges.SelectMany(exchange => exchange.Started)).Probe);
        Assert.Equal(
            1,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'pending' AND due_at <= now()")
        );
    }

    [Fact]
    public async Task A_node_that_dies_with_the_probe_holds_the_others_up_for_the_probes_lease_and_no_longer()
    {
        var (cluster, hand) = await AskedAsync(others: 2);
        await using var _ = cluster;
        await ProbeAsync(hand);
        await cluster.ExecuteAsync("UPDATE reminders.channel SET probe_until = now() - interval '1 millisecond'");
        await ProbeAsync(hand);
    }

    [Fact]
    public async Task A_refused_token_is_probed_by_one_message_of_the_whole_cluster()
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
        Assert.True((await hand.StartAsync(claims[1])).Probe);
        Assert.Empty((await new Hand(cluster, cluster.AddStillNode()).BeginAsync(claims[2])).Started);
    }

    /// <summary>Chat 1001 has met a 429 that names nobody, and others wait behind it.</summary>
    private async Task<(Cluster Cluster, Hand Hand)> AskedAsync(int others, params (string, string?)[] overrides)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, overrides);
        await hand.QueueAsync(1001);
        await hand.DeliverAsync(TooMany);
        Assert.True(await cluster.ScalarAsync<bool>(Asked));
        for (var chat = 1; chat <= others; chat++)
        {
            await hand.QueueAsync(chat);
        }

        return (cluster, hand);
    }

    private static async Task<StartedMessage> ProbeAsync(Hand hand)
    {
        var message = Assert.Single((await BeginAllAsync(hand)).Started);
        Assert.True(message.Probe);
        return message;
    }

    private static async Task<SettledAndStarted> BeginAllAsync(Hand hand) =>
        await hand.BeginAsync([.. await hand.Store.ClaimAsync("telegram", 10, default)]);

    private static async Task WaitIsOverAsync(Cluster cluster)
    {
        await cluster.ExecuteAsync("UPDATE reminders.throttle SET next_at = now()");
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
    }
}
