using Reminders.Integration.Tests.Crashes;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Simulation;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 6: how many messages of a node may be on their way at once, until when one may leave it, and what becomes of their
/// outcome.</summary>
public sealed class UnderWay(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task No_more_are_under_way_than_the_window_holds()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Outbox:InFlight", "4"));
        await using var _ = cluster;
        cluster.Telegram.Faults.Add(new(FaultKind.Delay) { Delay = TimeSpan.FromMilliseconds(500) });
        for (var chat = 1; chat <= 12; chat++)
        {
            await hand.QueueAsync(chat);
        }

        await cluster.Nodes[0].StartAsync(TestContext.Current.CancellationToken);
        await cluster.UntilAsync("SELECT count(*) = 12 FROM reminders.every_attempt WHERE outcome = 'sent'", Patience);
        // A commit that settles some and starts others settles as of its beginning.
        Assert.Equal(
            4,
            await cluster.ScalarAsync<long>(
                """
                SELECT max((SELECT count(*) FROM reminders.every_attempt b WHERE b.started_at <= a.started_at AND b.settled_at > a.started_at))
                FROM reminders.every_attempt a
                """
            )
        );
    }

    [Fact]
    public async Task What_could_only_leave_after_its_lease_stays_and_is_sent_later_once()
    {
        var (cluster, hand) = await Hand.StillAsync(
            postgres,
            ("Outbox:Limits:telegram:PerSecond", "1000"),
            ("Outbox:ClaimLease", "00:00:02"),
            ("Outbox:SendLease", "00:00:02")
        );
        await using var _ = cluster;
        await hand.QueueAsync();
        // In the database the lease holds: this is about the node's own look at the clock.
        await cluster.ExecuteAsync(
            """
            CREATE FUNCTION reminders.hold_lease() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN NEW.lease_until := now() + interval '1 minute'; RETURN NEW; END $$;
            CREATE TRIGGER hold_lease BEFORE UPDATE ON reminders.outbox FOR EACH ROW WHEN (NEW.state = 'sending')
                EXECUTE FUNCTION reminders.hold_lease()
            """
        );
        // The node asks for the start and is stopped before it hears the answer.
        var gate = await new CrashPoint("the asking", "BEFORE INSERT ON reminders.channel").CloseAsync(cluster);
        await cluster.Nodes[0].StartAsync(TestContext.Current.CancellationToken);
        await gate.SomebodyWaitsAsync(Patience);
        await cluster.UntilAsync("SELECT claimed_at + interval '3 seconds' < clock_timestamp() FROM reminders.outbox", Patience);
        await gate.DisposeAsync();
        await cluster.UntilAsync("SELECT state = 'sent' FROM reminders.outbox", Patience);
        Assert.Equal(
            "not sent",
            await cluster.ScalarAsync<string>("SELECT outcome FROM reminders.every_attempt ORDER BY lease_token LIMIT 1")
        );
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }

    [Fact]
    public async Task A_node_that_stops_waits_for_what_is_under_way_and_gives_back_the_rest()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Outbox:InFlight", "2"));
        await using var _ = cluster;
        cluster.Telegram.Faults.Add(new(FaultKind.Delay) { Delay = TimeSpan.FromSeconds(1) });
        for (var chat = 1; chat <= 6; chat++)
        {
            await hand.QueueAsync(chat);
        }

        await cluster.Nodes[0].StartAsync(TestContext.Current.CancellationToken);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount >= 2, Patience);
        await cluster.Nodes[0].StopAsync(TestContext.Current.CancellationToken);
        var arrived = cluster.Telegram.Record.MessageCount;
        Assert.InRange(arrived, 2, 4);
        Assert.Equal(arrived, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'sent'"));
        Assert.Equal(6 - arrived, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'pending'"));
    }

    [Fact]
    public async Task An_outcome_whose_commit_failed_is_written_again()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var gate = await new CrashPoint("the outcome", "BEFORE UPDATE OF provider_message_id ON reminders.outbox").CloseAsync(cluster);
        await cluster.Nodes[0].StartAsync(TestContext.Current.CancellationToken);
        await gate.SomebodyWaitsAsync(Patience);
        await gate.CutAsync();
        Assert.Equal("sending", await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox"));
        await gate.DisposeAsync();
        await cluster.UntilAsync("SELECT state = 'sent' FROM reminders.outbox", Patience);
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }
}
