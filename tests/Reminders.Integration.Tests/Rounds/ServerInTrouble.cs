using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Doctor;
using Reminders.Integration.Tests.Support;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Rounds;

/// <summary>What wears a server down is found by its code, and the statement beside it ends it.</summary>
public sealed class ServerInTrouble(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_keeps_dead_rows_from_being_cleared_is_named_and_can_be_ended()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await cluster.AddStillNode().FindsAsync("xmin_held", Health.Good);
        await using var source = NpgsqlDataSource.Create($"{cluster.ConnectionString};Application Name=report;Pooling=false");
        await using var report = await source.OpenConnectionAsync(Stop);
        await using var reading = await report.BeginTransactionAsync(Stop);
        await using (var write = new NpgsqlCommand("SELECT pg_current_xact_id()", report, reading))
        {
            await write.ExecuteNonQueryAsync(Stop);
        }

        // Not as young as the look itself, nor as what else runs on this server for a moment.
        Assert.DoesNotContain(await LookAsync(TimeSpan.FromHours(1)), finding => finding.Health != Health.Good);
        var found = Assert.Single(await LookAsync(TimeSpan.Zero), finding => finding.Says().Contains("report", StringComparison.Ordinal));
        Assert.Equal(("xmin_held", Health.Attention), (found.Code, found.Health));
        Assert.NotNull(found.Since);
        await cluster.ExecuteAsync(found.Fix!.Sql!);
        await Eventually.TrueAsync(
            async () => (await LookAsync(TimeSpan.Zero)).All(finding => !finding.Says().Contains("report", StringComparison.Ordinal)),
            Patience,
            "ended"
        );

        Task<IReadOnlyList<Finding>> LookAsync(TimeSpan atLeast) => LoadChecks.HeldAsync(new Database(cluster.Database), atLeast, Stop);
    }

    [Fact]
    public async Task A_table_of_dead_rows_is_found_until_it_is_vacuumed()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var database = new Database(cluster.Database);
        Assert.Equal(Health.Good, Assert.Single(await LoadChecks.BloatAsync(database, Stop)).Health);
        await cluster.ExecuteAsync("ALTER TABLE reminders.throttle SET (autovacuum_enabled = off)");
        await cluster.ExecuteAsync(
            "INSERT INTO reminders.throttle (channel, address, next_at) SELECT 'telegram', n::text, now() FROM generate_series(1, 60000) n"
        );
        await cluster.ExecuteAsync("DELETE FROM reminders.throttle");
        await UntilAsync(Health.Attention);
        var found = Assert.Single(await LoadChecks.BloatAsync(database, Stop));
        Assert.StartsWith("reminders.throttle has 60000 dead rows beside 0", found.Says(), StringComparison.Ordinal);
        await cluster.ExecuteAsync(found.Fix!.Sql!);
        await UntilAsync(Health.Good);

        // Statistics are told within seconds.
        Task UntilAsync(Health health) =>
            Eventually.TrueAsync(
                async () => (await LoadChecks.BloatAsync(database, Stop)).All(finding => finding.Health == health),
                Patience,
                $"{health}"
            );
    }

    [Fact]
    public async Task Connections_that_run_out_are_found_with_who_has_them()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var name = await cluster.ScalarAsync<string>("SELECT quote_ident(current_database())");
        await using var source = NpgsqlDataSource.Create($"{cluster.ConnectionString};Application Name=crowd;Maximum Pool Size=30");
        var crowd = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => source.OpenConnectionAsync(Stop).AsTask()));
        try
        {
            Assert.NotEqual(Health.Bad, (await LookAsync()).Health);
            await cluster.ExecuteAsync($"ALTER DATABASE {name} CONNECTION LIMIT 15");
            var found = await LookAsync();
            Assert.Equal(("connections_exhausted", Health.Bad), (found.Code, found.Health));
            Assert.Contains("of the database's 15 connections are used (20 crowd", found.Says(), StringComparison.Ordinal);
            await cluster.ExecuteAsync(found.Fix!.Sql!);
            Assert.DoesNotContain(
                "database",
                (await LookAsync()) is { Health: not Health.Good } still ? still.Says() : "",
                StringComparison.Ordinal
            );
        }
        finally
        {
            foreach (var one in crowd)
            {
                await one.DisposeAsync();
            }
        }

        Task<Finding> LookAsync() => LoadChecks.ConnectionsAsync(new Database(cluster.Database), Stop);
    }

    [Fact]
    public async Task A_process_whose_own_pool_is_used_up_finds_that()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.Set("ConnectionString", $"{cluster.ConnectionString};Maximum Pool Size=1;Timeout=1");
        var node = cluster.AddStillNode();
        await using (await node.Services.GetRequiredService<Database>().OpenConnectionAsync(Stop))
        {
            var found = Assert.Single(await node.LookAsync());
            Assert.Equal(("pool_exhausted", Health.Bad), (found.Code, found.Health));
        }

        Assert.Contains(await node.LookAsync(), finding => finding is { Code: "pool_exhausted", Health: Health.Good });
    }
}
