using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Doctor;
using Reminders.Integration.Tests.Support;
using Reminders.Nodes;

namespace Reminders.Integration.Tests.Rounds;

/// <summary>What no node came round to is found by its code, and a node that comes makes it good.</summary>
public sealed class UpkeepInTrouble(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_lease_that_nobody_ends_is_found_until_a_node_runs()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        var node = cluster.Nodes[0];
        await node.FindsAsync("lease_expired", Health.Good);
        await cluster.ExecuteAsync(
            """
            WITH ended AS (UPDATE reminders.lease_end SET at = now() - interval '2 minutes')
            UPDATE reminders.outbox SET lease_until = now() - interval '2 minutes' WHERE id = $1
            """,
            claim.Id
        );
        var found = await node.FindsAsync("lease_expired", Health.Bad);
        Assert.StartsWith("of 1 message ended", found.Says(), StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetUtcNow() - found.Since!.Value, TimeSpan.FromSeconds(110), TimeSpan.FromMinutes(5));
        await cluster.StartNodeAsync();
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        await node.FindsAsync("lease_expired", Health.Good);
    }

    [Fact]
    public async Task A_message_under_way_whose_end_nobody_noted_is_found_by_the_deep_look_alone_and_noted()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var claim = await hand.ClaimAsync();
        var node = cluster.Nodes[0];
        await node.FindsAsync("lease_unnoted", Health.Good, DoctorDepth.Deep);
        await cluster.ExecuteAsync(
            """
            WITH forgotten AS (DELETE FROM reminders.lease_end)
            UPDATE reminders.outbox SET lease_until = now() - interval '2 minutes' WHERE id = $1
            """,
            claim.Id
        );
        Assert.DoesNotContain(await node.LookAsync(), finding => finding.Code == "lease_unnoted");
        var found = await node.FindsAsync("lease_unnoted", Health.Bad, DoctorDepth.Deep);
        await cluster.ExecuteAsync(found.Fix!.Sql!);
        await node.FindsAsync("lease_unnoted", Health.Good, DoctorDepth.Deep);
        await hand.Reaper.ReapAsync(TestContext.Current.CancellationToken);
        Assert.Equal("pending", await hand.StateAsync(claim.Id));
    }

    [Fact]
    public async Task An_update_that_waits_is_found_and_handled_by_the_next_node_and_a_failed_one_is_handled_once_more()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = cluster.AddStillNode();
        await node.FindsAsync("update_waiting", Health.Good);
        await node.FindsAsync("update_failed", Health.Good);
        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.inbound_update (source, provider_id, sender, payload, received_at, state, attempts)
            VALUES ('telegram', '1', '1001', '{"update_id": 1}', now() - interval '10 minutes', 'received', 0),
                   ('telegram', '2', '1002', '{"update_id": 2}', now() - interval '10 minutes', 'failed', 10)
            """
        );
        var waiting = await node.FindsAsync("update_waiting", Health.Bad);
        Assert.StartsWith("1 update came in more than 2 minutes ago", waiting.Says(), StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetUtcNow() - waiting.Since!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(12));
        var failed = await node.FindsAsync("update_failed", Health.Attention);
        await cluster.ExecuteAsync(failed.Fix!.Sql!);
        await node.FindsAsync("update_failed", Health.Good);
        await cluster.StartNodeAsync();
        await cluster.UntilAsync("SELECT NOT EXISTS (SELECT FROM reminders.inbound_update WHERE state = 'received')", Patience);
        await node.FindsAsync("update_waiting", Health.Good);
    }

    [Fact]
    public async Task What_is_kept_longer_than_it_should_be_is_found_until_it_is_purged()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Retention:Messages", "10.00:00:00"));
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        var node = cluster.Nodes[0];
        await node.FindsAsync("retention_behind", Health.Good);
        await cluster.ExecuteAsync(
            "UPDATE reminders.outbox SET created_at = now() - interval '13 days', settled_at = now() - interval '12 days' "
                + "WHERE state = 'sent'"
        );
        var found = await node.FindsAsync("retention_behind", Health.Attention);
        Assert.StartsWith("1 row is kept", found.Says(), StringComparison.Ordinal);
        await node.Services.GetRequiredService<Retention>().PurgeAsync(TestContext.Current.CancellationToken);
        await node.FindsAsync("retention_behind", Health.Good);
    }

    [Fact]
    public async Task Two_rows_of_one_identity_are_found_by_the_deep_look_with_the_index_that_let_them_in()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var node = cluster.Nodes[0];
        await node.FindsAsync("duplicate_in_outbox", Health.Good, DoctorDepth.Deep);
        await cluster.ExecuteAsync("ALTER TABLE reminders.outbox DROP CONSTRAINT outbox_identity");
        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
            SELECT occurrence_id, kind, recipient_id, channel, operation, 'cancelled', due_at, useful_until FROM reminders.outbox LIMIT 1
            """
        );
        var found = await node.FindsAsync("duplicate_in_outbox", Health.Bad, DoctorDepth.Deep);
        Assert.Contains("1 identity is there several times in outbox", found.Says(), StringComparison.Ordinal);
        await node.FindsAsync("identity_index", Health.Bad);
    }

    [Theory]
    [InlineData("DROP INDEX reminders.outbox_due", "index_missing")]
    [InlineData("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'reminders.outbox_due'::regclass", "index_invalid")]
    [InlineData("ALTER TABLE reminders.outbox DROP CONSTRAINT outbox_leased_iff_sending", "schema_drift")]
    public async Task What_the_schema_lacks_is_found_by_its_code_and_its_statement_brings_it_back(string damage, string code)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = cluster.AddStillNode();
        await node.FindsAsync("schema_drift", Health.Good);
        await cluster.ExecuteAsync(damage);
        var found = Assert.Single(await node.LookAsync(), finding => finding.Code == code && finding.Health != Health.Good);
        await cluster.ExecuteAsync(found.Fix!.Sql!);
        await node.FindsAsync("schema_drift", Health.Good);
        Assert.DoesNotContain(await node.LookAsync(), finding => finding.Code is "index_missing" or "index_invalid");
    }
}
