using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Bench;
using Reminders.Lab.Simulation;
using Reminders.Outbox;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 10: a provider that answers nobody costs a few doubts and not the queue; a chat that hangs costs the others
/// nothing.</summary>
public sealed class Outages(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // As they are shipped.
    private static readonly (string, string?)[] Shipped =
    [
        ("Outbox:Limits:telegram:PerSecond", "29"),
        ("Outbox:Limits:telegram:PerRecipientInterval", "00:00:01.05"),
        ("Telegram:SendTimeout", "00:00:02"),
    ];

    [Theory]
    [InlineData(FaultKind.BadGatewayBefore)]
    [InlineData(FaultKind.CutBefore)]
    [InlineData(FaultKind.HtmlAfter)]
    [InlineData(FaultKind.NeverAnswer)]
    public async Task An_outage_leaves_a_few_in_doubt_and_the_rest_arrive_when_it_is_over(FaultKind fault)
    {
        const int Count = 120;
        await using var cluster = await Cluster.StartAsync(postgres, overrides: Shipped);
        cluster.Telegram.Faults.Add(new(fault) { Method = "*" });
        await BulkBookings.WriteAsync(
            cluster.Database,
            Count,
            "CONFIRM_2H",
            TimeSpan.FromMinutes(-1),
            queued: true,
            TestContext.Current.CancellationToken
        );
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.channel WHERE rests_since IS NOT NULL AND probes >= 2)", Patience);
        await cluster.UntilAsync("SELECT NOT EXISTS (SELECT FROM reminders.outbox WHERE state = 'sending')", Patience);
        var held = await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'uncertain'");
        // Two nodes' windows, where every call takes as long as it may; a handful where it fails at once.
        Assert.InRange(held, 5, fault == FaultKind.NeverAnswer ? 2 * (16 + 16) : 20);

        cluster.Telegram.Faults.Clear();
        await cluster.UntilAsync("SELECT count(*) = $1 FROM reminders.outbox WHERE state IN ('sent', 'uncertain')", Patience, Count);
        // The probe that was under way when it ended may be one more.
        Assert.InRange(await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'uncertain'"), held, held + 1);
        Assert.Equal(
            "1 true",
            await cluster.ScalarAsync<string>("SELECT count(*) || ' ' || bool_and(ended_at IS NOT NULL) FROM reminders.incident")
        );
        Assert.True(
            await cluster.ScalarAsync<bool>(
                "SELECT rests_since IS NULL AND doubts = 0 AND probe_until IS NULL FROM reminders.channel WHERE name = 'telegram'"
            )
        );
    }

    [Fact]
    public async Task A_provider_that_refuses_connections_does_not_use_up_the_queues_attempts()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides:
            [
                .. Shipped,
                ("Telegram:ApiBaseUrl", "http://127.0.0.1:1/"),
                ("Outbox:RetryBase", "00:00:00.01"),
                ("Outbox:RetryCap", "00:00:00.02"),
            ]
        );
        await BulkBookings.WriteAsync(
            cluster.Database,
            60,
            "CONFIRM_2H",
            TimeSpan.FromMinutes(-1),
            queued: true,
            TestContext.Current.CancellationToken
        );
        await cluster.StartNodeAsync();
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.channel WHERE rests_since IS NOT NULL AND probes >= 2)", Patience);
        Assert.InRange(await cluster.ScalarAsync<long>("SELECT sum(attempts) FROM reminders.outbox"), 5, 25);
        Assert.Equal(60, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state IN ('pending', 'retry')"));
    }

    [Fact]
    public async Task One_chat_that_hangs_does_not_rest_the_channel()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var i = 0; i < 8; i++)
        {
            await hand.QueueAsync(1001);
            await hand.DeliverAsync(new SendResult.Uncertain("no whole reply within 15 s"));
        }
        Assert.Equal(
            "8 false",
            await cluster.ScalarAsync<string>("SELECT doubts || ' ' || (rests_since IS NOT NULL) FROM reminders.channel")
        );
    }

    [Fact]
    public async Task What_is_delivered_in_between_ends_the_run()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 12; chat++)
        {
            await hand.QueueAsync(chat);
            await hand.DeliverAsync(chat % 4 == 0 ? new SendResult.Sent("1") : new SendResult.Uncertain("502"));
        }
        Assert.Equal(
            "0 false",
            await cluster.ScalarAsync<string>("SELECT doubts || ' ' || (rests_since IS NOT NULL) FROM reminders.channel")
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_outcomes_that_are_written_together_only_those_after_the_last_delivery_are_a_run(bool deliveredLast)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 7; chat++)
        {
            await hand.QueueAsync(chat);
        }
        // One kind gets half of a claim.
        var window = (await hand.BeginAsync([.. await hand.Store.ClaimAsync("telegram", 14, default)])).Started;
        Assert.Equal(7, window.Count);
        var outcomes = window
            .Select(message =>
                Verdicts.Settle(message, new SendResult.Uncertain("502"), Reminders.Channels.UncertainPolicy.Hold, new(), 0.5)
            )
            .ToList();
        var delivered = deliveredLast ? outcomes.Count - 1 : 0;
        outcomes[delivered] = Verdicts.Settle(
            window[delivered],
            new SendResult.Sent("1"),
            Reminders.Channels.UncertainPolicy.Hold,
            new(),
            0.5
        );
        await hand.Store.SettleAndStartAsync("telegram", outcomes, [], default);
        Assert.Equal(!deliveredLast, await RestsAsync(cluster));
    }

    [Fact]
    public async Task Doubts_are_counted_over_the_cluster()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Outbox:DoubtsUntilRest", "4"));
        await using var _ = cluster;
        var other = new Hand(cluster, cluster.AddStillNode());
        for (var chat = 1; chat <= 4; chat++)
        {
            Assert.False(await RestsAsync(cluster));
            await hand.QueueAsync(chat);
            await (chat % 2 == 0 ? hand : other).DeliverAsync(new SendResult.Uncertain("502"));
        }
        Assert.True(await RestsAsync(cluster));
    }

    [Fact]
    public async Task A_channel_that_rests_is_asked_by_one_node_and_then_one_message_goes_first()
    {
        var (cluster, hand, one) = await RestingAsync();
        await using var _ = cluster;
        var other = cluster.AddStillNode();
        await hand.QueueAsync(8);
        await hand.QueueAsync(9);
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        var line = new Line { Answers = ProbeResult.Ill("getMe: 502") };
        Assert.Null(await one.ProbeAsync(line, default)); // not yet: it has only just begun to rest
        await LetItBeAskedAsync(cluster);

        var asking = one.ProbeAsync(line, default);
        await line.Asked;
        Assert.Null(await other.Services.GetRequiredService<ChannelRest>().ProbeAsync(new Line(), default));
        line.LetGo();
        Assert.False((await asking)!.Value.IsWell);
        Assert.True(
            await cluster.ScalarAsync<bool>(
                "SELECT probes = 1 AND paused_until > now() + interval '90 seconds' AND pause_reason = 'getMe: 502' FROM reminders.channel"
            )
        );
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));

        await LetItBeAskedAsync(cluster);
        var well = new Line();
        well.LetGo();
        Assert.True((await one.ProbeAsync(well, default))!.Value.IsWell);
        var first = Assert.Single((await hand.BeginAsync([.. await hand.Store.ClaimAsync("telegram", 10, default)])).Started);
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        // In vain: it has to be heard again before another message is risked.
        await hand.SettleAsync(first, new SendResult.Uncertain("502"));
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        Assert.True(await cluster.ScalarAsync<bool>("SELECT answered_at IS NULL AND probes = 2 FROM reminders.channel"));

        await LetItBeAskedAsync(cluster);
        Assert.True((await one.ProbeAsync(well, default))!.Value.IsWell);
        await hand.DeliverAsync(new SendResult.Sent("1"));
        Assert.False(await RestsAsync(cluster));
    }

    [Fact]
    public async Task A_channel_that_cannot_be_asked_is_tried_with_one_message_at_a_time()
    {
        var (cluster, hand, rest) = await RestingAsync();
        await using var _ = cluster;
        await hand.QueueAsync(8);
        await LetItBeAskedAsync(cluster);
        Assert.True((await rest.ProbeAsync(new Mute(), default))!.Value.IsWell);
        await hand.DeliverAsync(new SendResult.Sent("1"));
        Assert.False(await RestsAsync(cluster));
    }

    [Fact]
    public async Task What_is_past_its_use_when_the_channel_answers_again_dies_with_the_reason()
    {
        var (cluster, hand, rest) = await RestingAsync();
        await using var _ = cluster;
        await hand.QueueAsync(8);
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET useful_until = now() WHERE state = 'pending'");
        await LetItBeAskedAsync(cluster);
        await rest.ProbeAsync(new Mute(), default);
        Assert.Empty((await hand.BeginAsync(await hand.ClaimAsync())).Started);
        Assert.Equal("past_use", await cluster.ScalarAsync<string>("SELECT reason FROM reminders.outbox WHERE state = 'dead'"));
    }

    [Fact]
    public async Task What_is_past_its_use_while_the_channel_rests_dies_with_the_reason_and_is_reported()
    {
        var (cluster, hand, _) = await RestingAsync();
        await using var owned = cluster;
        await hand.QueueAsync(8);
        await hand.QueueAsync(9);
        await cluster.ExecuteAsync(
            "UPDATE reminders.outbox SET useful_until = now() WHERE id = (SELECT min(id) FROM reminders.outbox WHERE state = 'pending')"
        );
        await hand.Reaper.ExpireAsync(default);
        Assert.Equal(
            "past_use_shut telegram",
            await cluster.ScalarAsync<string>("SELECT reason FROM reminders.outbox WHERE state = 'dead'")
        );
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.event WHERE name = 'reminder_skipped'"));
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'pending'"));
    }

    [Fact]
    public async Task Chats_whose_calls_hang_do_not_hold_up_the_others()
    {
        const int Hanging = 6;
        await using var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides: [.. Shipped, ("Telegram:SendTimeout", "00:00:15"), ("Outbox:InFlight", "4"), ("Outbox:SlowInFlight", "8")]
        );
        await BulkBookings.WriteAsync(
            cluster.Database,
            Hanging,
            "CONFIRM_2H",
            TimeSpan.FromMinutes(-3),
            queued: true,
            TestContext.Current.CancellationToken,
            name: "hanging"
        );
        foreach (
            var chat in await cluster.ScalarAsync<string[]>("SELECT array_agg(address) FROM reminders.address WHERE channel = 'telegram'")
        )
        {
            cluster.Telegram.Faults.Add(
                new(FaultKind.NeverAnswer) { ChatId = long.Parse(chat, System.Globalization.CultureInfo.InvariantCulture) }
            );
        }

        await BulkBookings.WriteAsync(
            cluster.Database,
            12,
            "CONFIRM_2H",
            TimeSpan.FromMinutes(-1),
            queued: true,
            TestContext.Current.CancellationToken
        );
        await cluster.StartNodeAsync();
        // Four lanes, all of them hanging for 15 s: the others would come after that.
        await cluster.UntilAsync("SELECT count(*) = 12 FROM reminders.outbox WHERE state = 'sent'", TimeSpan.FromSeconds(12));
        Assert.Equal(Hanging, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'sending'"));
        Assert.False(await RestsAsync(cluster));
    }

    [Fact]
    public async Task A_chat_whose_call_hangs_gets_no_second_one_meanwhile()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides: [.. Shipped, ("Telegram:SendTimeout", "00:00:15"), ("Outbox:InFlight", "1")]
        );
        cluster.Telegram.Faults.Add(new(FaultKind.NeverAnswer) { ChatId = 1001 });
        await cluster.StartNodeAsync();
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        await cluster.UntilAsync(
            "SELECT EXISTS (SELECT FROM reminders.throttle WHERE address = '1001' AND reason = 'call_open')",
            Patience
        );
        for (var i = 0; i < 3; i++)
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        }

        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), 7));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(7).Count == 1, TimeSpan.FromSeconds(10));
        Assert.Equal(
            1,
            await cluster.ScalarAsync<long>(
                """
                SELECT count(*) FROM reminders.outbox m JOIN reminders.address a USING (recipient_id)
                WHERE a.address = '1001' AND m.send_started_at IS NOT NULL
                """
            )
        );
    }

    private async Task<(Cluster Cluster, Hand Hand, ChannelRest Probing)> RestingAsync()
    {
        // So long that a busy machine does not let it pass by itself.
        var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides: [("Outbox:RestBase", "00:01:00"), ("Outbox:RestCap", "00:10:00")]
        );
        var node = cluster.AddStillNode();
        var hand = new Hand(cluster, node);
        for (var chat = 1; chat <= 5; chat++)
        {
            await hand.QueueAsync(chat);
            await hand.DeliverAsync(new SendResult.Uncertain("502"));
        }
        Assert.True(await RestsAsync(cluster));
        return (cluster, hand, node.Services.GetRequiredService<ChannelRest>());
    }

    private static Task LetItBeAskedAsync(Cluster cluster) => cluster.ExecuteAsync("UPDATE reminders.channel SET paused_until = now()");

    private static Task<bool> RestsAsync(Cluster cluster) =>
        cluster.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.channel WHERE rests_since IS NOT NULL)");

    /// <summary>A sender whose provider can be asked; its answer waits until it is let go.</summary>
    private sealed class Line : ISender, IChannelProbe
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ProbeResult Answers { get; init; } = ProbeResult.Well;

        public string Channel => "telegram";

        public Task Asked => _asked.Task;

        public void LetGo() => _gone.TrySetResult();

        public Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A probe sends nothing.");

        public async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            await _gone.Task.WaitAsync(Patience, cancellationToken);
            return Answers;
        }
    }

    private sealed class Mute : ISender
    {
        public string Channel => "telegram";

        public Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nobody asked for that.");
    }
}
