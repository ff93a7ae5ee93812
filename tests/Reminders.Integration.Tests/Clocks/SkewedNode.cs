using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Quartz;
using Reminders.Integration.Tests.Support;
using Reminders.Nodes;
using Reminders.Scheduling;
using Reminders.Storage;
using Reminders.Web.Health;

namespace Reminders.Integration.Tests.Clocks;

/// <summary>
/// Nothing that nodes must agree on is decided by a node's clock. One that is far off says so, stands its Quartz down and goes
/// on by the database's clock: it may be the only node, or that clock the wrong one.
/// </summary>
public sealed class SkewedNode(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task With_one_of_two_clocks_far_off_nothing_is_sent_twice_lost_or_early(int seconds)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        var skewed = await cluster.StartNodeAsync(services => Shift(services, seconds));
        var due = new Dictionary<long, DateTimeOffset>();
        for (var chat = 1; chat <= 20; chat++)
        {
            // Some due before the skewed node has noticed, some after; approved on either.
            var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(1 + chat / 2), chat, node: chat % 2);
            await cluster.ApproveAsync(booking, chat % 2);
            due[chat] = await cluster.ScalarAsync<DateTime>(
                """
                SELECT o.due_at FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE s.key = $1
                    AND kind = 'CONFIRM_2H'
                """,
                booking.ToString()
            );
        }
        await cluster.UntilAsync("SELECT count(*) = 20 FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'sent'", Patience);
        foreach (var (chat, instant) in due)
        {
            var message = Assert.Single(cluster.Telegram.Record.MessagesTo(chat));
            Assert.True(message.ArrivedAt >= instant, $"chat {chat} was reminded {instant - message.ArrivedAt} early");
        }
        var watch = skewed.Services.GetRequiredService<ClockWatch>();
        Assert.True(watch.Halted, $"the skewed node thinks it is off by {watch.Skew}");
        Assert.InRange(watch.Skew.TotalSeconds, seconds - 1, seconds + 1);
        Assert.InRange(
            (
                await cluster.ScalarAsync<TimeSpan>("SELECT skew FROM reminders.node ORDER BY abs(extract(epoch FROM skew)) DESC LIMIT 1")
            ).TotalSeconds,
            seconds - 1,
            seconds + 1
        );
    }

    [Fact]
    public async Task The_Quartz_of_a_node_that_is_far_off_fires_nothing_its_reconciler_does_and_Quartz_again_when_the_clock_is_set()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var clock = new ShiftedTime { Shift = TimeSpan.FromSeconds(30) };
        // Its scheduler starts only after the skew was noticed, as on a slow machine.
        var node = await cluster.StartNodeAsync(services =>
            services
                .Replace(ServiceDescriptor.Singleton<TimeProvider>(clock))
                .Configure<QuartzHostedServiceOptions>(quartz => quartz.StartDelay = TimeSpan.FromSeconds(2))
        );
        var watch = node.Services.GetRequiredService<ClockWatch>();
        await Eventually.TrueAsync(() => Task.FromResult(watch.Halted), Patience, "the skew is noticed");
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        var scheduler = node.Services.GetRequiredService<SchedulerWatch>();
        // Two heartbeats later each of its loops has had its turn.
        await cluster.UntilAsync(
            "SELECT EXISTS (SELECT FROM reminders.node n, reminders.occurrence o WHERE n.seen_at > o.planned_at + interval '4 seconds')",
            Patience
        );
        Assert.False((await scheduler.LookAsync(TestContext.Current.CancellationToken)).Runs);
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_fired_triggers"));
        var check = await new SchedulerCheck(scheduler, watch).CheckHealthAsync(new(), TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Degraded, check.Status);
        Assert.Contains("the reconciler fires by the database's", check.Description);

        clock.Shift = TimeSpan.Zero;
        await Eventually.TrueAsync(
            async () => (await scheduler.LookAsync(TestContext.Current.CancellationToken)).Runs,
            Patience,
            "the scheduler fires again"
        );
        Assert.False(watch.Halted);
    }

    /// <summary>The database's clock is the wrong one, or an NTP server is: nobody is left who could fire for the others.</summary>
    [Theory]
    [InlineData(30, 30)]
    [InlineData(-30, -30)]
    [InlineData(30, -30)]
    [InlineData(3600, 3600)]
    public async Task With_every_clock_far_off_each_reminder_is_sent_once_never_early_by_the_databases_clock_and_it_is_said(
        int first,
        int second
    )
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var nodes = new[]
        {
            await cluster.StartNodeAsync(services => Shift(services, first)),
            await cluster.StartNodeAsync(services => Shift(services, second)),
        };
        await Eventually.TrueAsync(
            () => Task.FromResult(nodes.All(node => node.Services.GetRequiredService<ClockWatch>().Halted)),
            Patience,
            "both have noticed"
        );
        for (var chat = 1; chat <= 12; chat++)
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromSeconds(2 + chat / 2.0), chat, node: chat % 2), chat % 2);
        }

        await cluster.UntilAsync("SELECT count(*) = 12 FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'sent'", Patience);
        Assert.All(Enumerable.Range(1, 12), chat => Assert.Single(cluster.Telegram.Record.MessagesTo(chat)));
        Assert.Equal(
            0,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H' AND fired_at < due_at")
        );
        Assert.Equal(
            0,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND send_started_at < due_at")
        );
        // The reconciler looks once a second, and waits for no Quartz.
        Assert.InRange(
            (
                await cluster.ScalarAsync<TimeSpan>("SELECT max(fired_at - due_at) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H'")
            ).TotalSeconds,
            0,
            3
        );
        foreach (var node in nodes)
        {
            var watch = node.Services.GetRequiredService<ClockWatch>();
            Assert.Equal(
                HealthStatus.Degraded,
                (await new ClockCheck(watch).CheckHealthAsync(new(), TestContext.Current.CancellationToken)).Status
            );
        }
        var findings = await Doctor.ClusterChecks.NodesAsync(new(cluster.Database), TestContext.Current.CancellationToken);
        Assert.Equal(
            2,
            findings.Count(finding =>
                finding.About == "clock"
                && finding.Says().Contains("Quartz stands by there, and the reconciler fires", StringComparison.Ordinal)
            )
        );
        Assert.Contains(
            findings,
            finding => finding.Says().StartsWith("of every node is off: it may be the database's", StringComparison.Ordinal)
        );
    }

    /// <summary>Before a node has noticed, and should it never notice: its clock moves no due time and no lease.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task A_clock_that_nobody_noticed_is_far_off_neither_fires_nor_claims_early_and_leases_no_longer_or_shorter(int seconds)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var hand = new Hand(cluster, cluster.AddStillNode(services => Shift(services, seconds)));
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromSeconds(25), candidateChat: 2002));
        Assert.Equal(0, await hand.FireAsync());
        await hand.QueueAsync();
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now() + interval '25 seconds'");
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, TestContext.Current.CancellationToken));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
        var claim = await hand.ClaimAsync();
        Assert.InRange(
            await cluster.ScalarAsync<TimeSpan>("SELECT lease_until - claimed_at FROM reminders.outbox WHERE id = $1", claim.Id),
            TimeSpan.FromSeconds(9),
            TimeSpan.FromSeconds(11)
        );
    }

    [Theory]
    [InlineData(2, @"is \+[12]\.\d s off the database's")]
    [InlineData(-2, @"is -[12]\.\d s off the database's")]
    public async Task A_node_that_is_a_little_off_says_so_and_goes_on_firing(int seconds, string said)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = await cluster.StartNodeAsync(services => Shift(services, seconds));
        var watch = node.Services.GetRequiredService<ClockWatch>();
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.node WHERE abs(extract(epoch FROM skew)) > 1)", Patience);
        Assert.Equal((true, false), (watch.Skewed, watch.Halted));
        var health = await new ClockCheck(watch).CheckHealthAsync(new(), TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Matches(said, health.Description);
        var findings = await Doctor.ClusterChecks.NodesAsync(new Database(cluster.Database), TestContext.Current.CancellationToken);
        Assert.Matches(said, Assert.Single(findings, finding => finding is { About: "clock", Health: Doctor.Health.Attention }).Says());
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
    }

    private static void Shift(IServiceCollection services, int seconds) =>
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new ShiftedTime { Shift = TimeSpan.FromSeconds(seconds) }));

    /// <summary>A wall clock that is off; its stopwatch is not, as on a machine whose time was set wrongly.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
