using Microsoft.Extensions.DependencyInjection;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Bench;
using Reminders.Nodes;

namespace Reminders.Integration.Tests.Clocks;

/// <summary>Retention forgets what was said, never that it was said.</summary>
public sealed class Purged(Postgres postgres)
{
    [Fact]
    public async Task After_a_purge_an_old_asking_is_still_suppressed()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new Channels.SendResult.Sent("77"));
        await cluster.ExecuteAsync(
            "UPDATE reminders.outbox SET settled_at = now() - interval '10 years', created_at = now() - interval '10 years'"
        );
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET planned_at = now() - interval '10 years' WHERE kind = 'CONFIRM_2H'");
        await PurgeAsync(cluster);
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox"));

        await cluster.ApproveAsync(booking);
        await hand.FireAsync();
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, TestContext.Current.CancellationToken));
        Assert.Equal(["1 fired"], await hand.LedgerAsync(booking));
        Assert.Equal(
            1,
            await cluster.ScalarAsync<int>(
                """
                SELECT count FROM reminders.suppression p JOIN reminders.occurrence o ON o.id = p.occurrence_id WHERE o.kind = 'CONFIRM_2H'
                """
            )
        );
    }

    [Fact]
    public async Task A_purge_takes_more_than_a_batch_and_only_what_is_old_and_settled()
    {
        var (cluster, _) = await Hand.StillAsync(postgres);
        await using var __ = cluster;
        await BulkBookings.WriteAsync(
            cluster.Database,
            12_500,
            "CONFIRM_2H",
            TimeSpan.FromMinutes(-1),
            queued: true,
            TestContext.Current.CancellationToken
        );
        // 12,000 are old and settled; of the others some are settled but young, some old but in doubt or not yet sent.
        await cluster.ExecuteAsync(
            """
            UPDATE reminders.outbox
            SET state = CASE WHEN id % 25 = 0 THEN 'uncertain' WHEN id % 3 = 0 THEN 'dead'
                ELSE 'sent' END, settled_at = now() - interval '10 years'
            """
        );
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET settled_at = now() WHERE id % 50 = 1");
        var kept = await cluster.ScalarAsync<long>(
            "SELECT count(*) FROM reminders.outbox WHERE state = 'uncertain' OR settled_at = (SELECT max(settled_at) FROM reminders.outbox)"
        );
        // An edit and the message it changes, both old: the edit goes first, the message with or after it.
        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, number, revision, target_id, state,
                due_at, useful_until, settled_at)
            SELECT occurrence_id, kind, recipient_id, channel, 'edit', 0, 2, id, 'sent', due_at, useful_until, settled_at
            FROM reminders.outbox WHERE state = 'sent' AND settled_at < now() - interval '1 year' LIMIT 3000
            """
        );
        await PurgeAsync(cluster);
        await PurgeAsync(cluster);
        Assert.Equal(kept, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox"));
        Assert.Equal(12_500, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence"));
    }

    private static Task PurgeAsync(Cluster cluster) =>
        cluster.Nodes[0].Services.GetRequiredService<Retention>().PurgeAsync(TestContext.Current.CancellationToken);
}
