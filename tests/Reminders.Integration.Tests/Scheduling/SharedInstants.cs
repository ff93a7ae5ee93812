using Microsoft.Extensions.DependencyInjection;
using Reminders.Bookings;
using Reminders.Integration.Tests.Support;
using Reminders.Ledger;

namespace Reminders.Integration.Tests.Scheduling;

/// <summary>Rule 15: a row per (kind, due second) tells who comes first, and only the first asks Quartz.</summary>
public sealed class SharedInstants(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_hundred_approvals_for_the_same_second_share_one_instant_and_one_trigger()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var bookings = new List<Guid>();
        for (var chat = 1; chat <= 200; chat++)
        {
            bookings.Add(await cluster.ProposeAsync(TimeSpan.FromDays(1), chat, node: chat % 2));
        }
        // The very second is the same for all; fractions of it are not, and are rounded up.
        await cluster.ExecuteAsync(
            "UPDATE reminders.subject SET happens_at = date_trunc('hour', happens_at) + interval '1 hour' - (id % 900) * "
                + "interval '1 millisecond'"
        );
        await Parallel.ForEachAsync(
            bookings.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = 20 },
            async (booking, _) => await cluster.ApproveAsync(booking.Item, booking.Index % 2)
        );
        Assert.Equal(
            "200 1 1",
            await cluster.ScalarAsync<string>(
                """
                SELECT count(*) || ' ' || count(DISTINCT due_at) || ' ' || (SELECT count(*) FROM reminders.instant
                    WHERE kind = 'CONFIRM_2H')
                FROM reminders.occurrence WHERE kind = 'CONFIRM_2H'
                """
            )
        );
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM quartz.qrtz_triggers WHERE trigger_name LIKE 'CONFIRM_2H@%')", Patience);
        Assert.Equal(
            1,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_triggers WHERE trigger_name LIKE 'CONFIRM_2H@%'")
        );
        Assert.Equal(
            0,
            await cluster.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE o.kind = "
                    + "'CONFIRM_2H' AND o.due_at < s.happens_at - interval '2 hours'"
            )
        );
    }

    /// <summary>Quartz would keep the trigger it has; but each asking takes its cluster-wide lock.</summary>
    [Fact]
    public async Task Only_the_first_that_needs_an_instant_asks_for_its_trigger()
    {
        var (cluster, _) = await Hand.StillAsync(postgres);
        await using var __ = cluster;
        await cluster.ProposeAsync(TimeSpan.FromDays(1), 1);
        await cluster.ProposeAsync(TimeSpan.FromDays(1), 2);
        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = date_trunc('hour', happens_at)");
        var bookings = await cluster.ScalarAsync<long[]>("SELECT array_agg(id ORDER BY id) FROM reminders.subject WHERE type = 'booking'");
        var planner = cluster.Nodes[0].Services.GetRequiredService<Planner>();
        await using var connection = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var first = await planner.PlanAsync(connection, [bookings[0]], BookingSubject.Approved, "the test", default);
        var second = await planner.PlanAsync(connection, [bookings[1]], BookingSubject.Approved, "the test", default);
        Assert.Equal(first.Planned, second.Planned);
        Assert.Contains(first.FirstInstants, instant => instant.Kind == "CONFIRM_2H");
        Assert.Empty(second.FirstInstants);
    }

    [Fact]
    public async Task An_approval_that_rolled_back_leaves_the_instant_to_the_next()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var first = await cluster.ProposeAsync(TimeSpan.FromDays(1));
        var second = await cluster.ProposeAsync(TimeSpan.FromDays(1));
        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = date_trunc('hour', happens_at)");
        await cluster.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON reminders.occurrence DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                EXECUTE FUNCTION refuse();
            """
        );
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => cluster.ApproveAsync(first));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.instant"));
        await cluster.ExecuteAsync("DROP TRIGGER refuse ON reminders.occurrence");
        await cluster.ApproveAsync(second);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM quartz.qrtz_triggers WHERE trigger_name LIKE 'CONFIRM_2H@%')", Patience);
    }
}
