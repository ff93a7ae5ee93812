using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Nodes;
using Reminders.Lab.Poolers;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Poolers;

/// <summary>The migration's lock ends with its transaction, whatever the session is given to afterwards.</summary>
public sealed class MigratingThroughPgBouncer(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("session")]
    [InlineData("transaction")]
    public async Task Several_at_once_and_again_later_leave_no_lock(string mode)
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await using var bouncer = await LocalPgBouncer.StartAsync([database], mode, ct: TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => MigrateAsync(bouncer.Through(database)))));
        Assert.Equal(0, await LocksAsync(database));
        await MigrateAsync(bouncer.Through(database)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await MigrateAsync(database).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(
            await Storage.MigratedSchema.RenderAsync(await postgres.CreateDatabaseAsync(), "reminders"),
            await Storage.MigratedSchema.RenderAsync(database, "reminders")
        );
    }

    [Fact]
    public async Task A_process_killed_in_the_middle_leaves_no_lock()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await using var bouncer = await LocalPgBouncer.StartAsync([database], "session", ct: TestContext.Current.CancellationToken);
        await using var source = NpgsqlDataSource.Create(database);
        await using (var blocking = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            // It will hold its own lock and wait for this one.
            await using var transaction = await blocking.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using (
                var block = new NpgsqlCommand(
                    """
                    CREATE SCHEMA reminders; CREATE SCHEMA quartz;
                    """,
                    blocking
                )
            )
            {
                await block.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            using var process = Process.Start(Migrate(bouncer.Through(database)))!;
            await Eventually.TrueAsync(async () => await LocksAsync(database) == 1, Patience, "the migration holds its lock");
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(async () => await LocksAsync(database) == 0, Patience, "the lock is free");
        }
        await MigrateAsync(bouncer.Through(database)).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    /// <summary>What earlier builds left behind a pooler in transaction mode: no start may hang for it without a word.</summary>
    [Fact]
    public async Task A_lock_that_an_earlier_build_left_behind_is_named_with_how_to_free_it()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await using var left = new NpgsqlConnection(database + ";Application Name=old;Pooling=false");
        await left.OpenAsync(TestContext.Current.CancellationToken);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock(5937271983348934002)", left))
        {
            await take.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var refused = await Assert.ThrowsAsync<SettingsException>(() =>
            MigrateAsync(database).WaitAsync(Patience * 2, TestContext.Current.CancellationToken)
        );
        Assert.Contains($"SELECT pg_terminate_backend({left.ProcessID})", Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    private static ProcessStartInfo Migrate(string connectionString)
    {
        var start = Programs.Reminders("migrate");
        start.Environment["ConnectionString"] = connectionString;
        return start;
    }

    private static async Task MigrateAsync(string connectionString)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddRemindersStorage(
            new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionString", connectionString + ";Max Auto Prepare=0")]).Build()
        );
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Migrator>().MigrateAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<long> LocksAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var count = source.CreateCommand(
            """
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        );
        return (long)(await count.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
