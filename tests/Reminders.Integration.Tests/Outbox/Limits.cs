using Reminders.Channels;
using Reminders.Integration.Tests.Crashes;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Simulation;
using Reminders.Outbox;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 9: limits are the cluster's, kept in PostgreSQL.</summary>
[Collection(nameof(Alone))]
public sealed class Limits(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly (string, string?)[] Telegrams =
    [
        ("Outbox:Limits:telegram:PerSecond", "29"),
        ("Outbox:Limits:telegram:PerRecipientInterval", "00:00:01.05"),
    ];

    [Fact]
    public async Task A_429_pauses_every_node_for_as_long_as_it_says_costs_no_attempt_and_survives_a_restart()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync(1);
        var first = await hand.DeliverAsync(new SendResult.Throttled(TimeSpan.FromSeconds(40), ThrottleScope.Channel, "429"));
        await hand.QueueAsync(2);
        var restarted = new Hand(cluster, cluster.AddStillNode());
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        Assert.Empty(await restarted.Store.ClaimAsync("telegram", 10, default));
        Assert.InRange((await restarted.Store.NextDueAsync("telegram", [], default)).Wait!.Value.TotalSeconds, 30, 40);
        Assert.Equal(0, await cluster.ScalarAsync<int>("SELECT attempts FROM reminders.outbox WHERE id = $1", first.Claim.Id));

        await cluster.ExecuteAsync("UPDATE reminders.channel SET paused_until = now()");
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
        var claims = await restarted.Store.ClaimAsync("telegram", 10, default);
        Assert.Equal(2, claims.Count);
        await restarted.SettleAsync(
            await restarted.StartAsync(claims[0]),
            new SendResult.Throttled(TimeSpan.FromSeconds(50), ThrottleScope.Channel, "429")
        );
        // The channel's row is there by now: another pause is one more all the same.
        Assert.Empty((await restarted.BeginAsync(claims[1])).Started);
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
    }

    [Fact]
    public async Task What_was_claimed_before_the_429_does_not_start_after_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync(1);
        await hand.QueueAsync(2);
        var claims = await hand.Store.ClaimAsync("telegram", 10, default);
        var message = await hand.StartAsync(claims[0]);
        await hand.SettleAsync(message, new SendResult.Throttled(TimeSpan.FromSeconds(40), ThrottleScope.Channel, "429"));
        Assert.Empty((await hand.BeginAsync(claims[1])).Started);
        Assert.Equal("pending", await hand.StateAsync(claims[1].Id));

        // It keeps its place: a pause sends nobody to the end of the queue.
        await hand.QueueAsync(3);
        await cluster.ExecuteAsync("UPDATE reminders.channel SET paused_until = now()");
        Assert.Equal(claims[1].Id, Assert.Single(await hand.Store.ClaimAsync("telegram", 1, default)).Id);
    }

    [Fact]
    public async Task An_instant_asked_for_again_is_nobody_elses()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Outbox:Limits:telegram:PerSecond", "10"));
        await using var _ = cluster;
        await hand.QueueAsync();
        var first = await hand.ClaimAndStartAsync();
        var other = new Hand(cluster, cluster.AddStillNode());
        var again = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? hand : other).Store.AnotherInstantAsync("telegram", default))
        );
        var instants = again.Select(one => one.Instant).Order().ToArray();
        Assert.True(instants[0] > first.StartedAt);
        Assert.All(
            instants.Zip(instants.Skip(1)),
            pair => Assert.InRange((pair.Second - pair.First).TotalMilliseconds, 99, double.MaxValue)
        );
    }

    [Fact]
    public async Task Of_two_429s_the_longer_wait_counts()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync(1);
        await hand.QueueAsync(2);
        var started = (await hand.BeginAsync([.. await hand.Store.ClaimAsync("telegram", 10, default)])).Started;
        await hand.SettleAsync(started[0], new SendResult.Throttled(TimeSpan.FromSeconds(40), ThrottleScope.Channel, "429"));
        await hand.SettleAsync(started[1], new SendResult.Throttled(TimeSpan.FromSeconds(2), ThrottleScope.Channel, "429"));
        Assert.InRange((await hand.Store.NextDueAsync("telegram", [], default)).Wait!.Value.TotalSeconds, 30, 40);
    }

    [Fact]
    public async Task After_a_429_the_message_arrives_once_and_not_before_the_pause_is_over()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        cluster.Telegram.Faults.Add(
            new(FaultKind.TooManyRequests)
            {
                RetryAfter = 2,
                PausesBot = true,
                Next = 1,
            }
        );
        for (var chat = 1; chat <= 6; chat++)
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat));
        }

        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 6, Patience);
        // At most one window of each node was on its way when the first answer came.
        Assert.InRange(cluster.Telegram.Record.TooManyRequests, 1, 6);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        Assert.All(Enumerable.Range(1, 6), chat => Assert.Single(cluster.Telegram.Record.MessagesTo(chat)));
        Assert.Equal(6, await cluster.ScalarAsync<long>("SELECT sum(attempts) FROM reminders.outbox"));
    }

    /// <summary>The recipient's next instant was counted from this one's, and so lay too close to its arrival: a 429.</summary>
    [Fact]
    public async Task Whose_message_arrived_late_waits_the_interval_from_then_on()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, Telegrams);
        await using var _ = cluster;
        foreach (var late in (bool[])[false, true])
        {
            await hand.QueueAsync(late ? 2 : 1);
            var message = await hand.ClaimAndStartAsync();
            await cluster.ExecuteAsync("UPDATE reminders.throttle SET next_at = now()");
            await hand.Store.SettleAndStartAsync("telegram", [new(message, MessageState.Sent, "sent", null, "7", Late: late)], [], default);
            Assert.Equal(
                late,
                await cluster.ScalarAsync<bool>(
                    "SELECT next_at > now() + interval '0.9 seconds' FROM reminders.throttle WHERE address = $1",
                    message.Address
                )
            );
        }
    }

    [Fact]
    public async Task A_hundred_messages_from_two_nodes_meet_no_429_at_a_strict_Telegram()
    {
        await using var cluster = await Cluster.StartAsync(postgres, telegram: new() { EnforceLimits = true }, overrides: Telegrams);
        var bookings = new List<Guid>();
        for (var chat = 1; chat <= 50; chat++)
        {
            // Two bookings of each candidate, so that both limits are at work.
            bookings.Add(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat));
            bookings.Add(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat));
        }
        await Task.WhenAll(bookings.Select((booking, i) => cluster.ApproveAsync(booking, i % 2)));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount >= 100, Patience);
        Assert.Equal(0, cluster.Telegram.Record.TooManyRequests);
        Assert.All(Enumerable.Range(1, 50), chat => Assert.Equal(2, cluster.Telegram.Record.MessagesTo(chat).Count));
    }

    [Fact]
    public async Task Two_nodes_never_write_to_one_recipient_at_once()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Outbox:Limits:telegram:PerRecipientInterval", "00:00:30"));
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.QueueAsync();
        var exchanges = await AtOnceAsync(cluster, hand, "BEFORE INSERT ON reminders.throttle");
        Assert.Single(exchanges.SelectMany(exchange => exchange.Started));
        Assert.Equal(
            1,
            await cluster.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.outbox WHERE state = 'pending' AND due_at > now() + interval '20 seconds'"
            )
        );
    }

    [Fact]
    public async Task Two_nodes_are_never_given_the_same_instant()
    {
        // One in a hundred seconds, so that the next instant is far ahead however slow the machine is.
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Outbox:Limits:telegram:PerSecond", "0.01"));
        await using var _ = cluster;
        await hand.QueueAsync(1);
        await hand.QueueAsync(2);
        var exchanges = await AtOnceAsync(cluster, hand, "BEFORE UPDATE OF next_slot ON reminders.channel");
        Assert.Single(exchanges.SelectMany(exchange => exchange.Started));
        Assert.Single(exchanges.SelectMany(exchange => exchange.Waiting));
    }

    /// <summary>Two nodes start a message each: one is held up before it commits, until the other stands behind it.</summary>
    private static async Task<SettledAndStarted[]> AtOnceAsync(Cluster cluster, Hand hand, string heldUp)
    {
        var other = new Hand(cluster, cluster.AddStillNode());
        var claims = await hand.Store.ClaimAsync("telegram", 10, default);
        Assert.Equal(2, claims.Count);
        // There from a channel's first message on; the second node would wait for its insertion, and not for what is held up.
        await cluster.ExecuteAsync("INSERT INTO reminders.channel (name) VALUES ('telegram')");
        var gate = await new CrashPoint("the limit", heldUp).CloseAsync(cluster);
        var first = hand.BeginAsync(claims[0]);
        await gate.SomebodyWaitsAsync(Patience);
        var second = other.BeginAsync(claims[1]);
        await cluster.UntilAsync(
            "SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            Patience
        );
        await gate.DisposeAsync();
        return await Task.WhenAll(first, second);
    }
}
