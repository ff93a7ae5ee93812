using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Storage;

/// <summary>Any number of nodes may start on an empty database at once.</summary>
public sealed class Migrating(Postgres postgres)
{
    [Fact]
    public async Task Eight_at_once_on_an_empty_database_leave_what_one_leaves()
    {
        var empty = await postgres.CreateEmptyDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => MigrateAsync(empty))));
        Assert.Equal(
            await MigratedSchema.RenderAsync(await postgres.CreateDatabaseAsync(), "reminders"),
            await MigratedSchema.RenderAsync(empty, "reminders")
        );
    }

    [Fact]
    public async Task A_second_time_does_nothing()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        Assert.NotEmpty(await MigrateAsync(database));
        var applied = await AppliedAsync(database);
        Assert.Empty(await MigrateAsync(database));
        Assert.Equal(applied, await AppliedAsync(database));
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_half_applied_and_the_next_run_goes_on()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        // Stands where the second script wants to make its own.
        await using (
            var block = source.CreateCommand(
                """
                CREATE SCHEMA reminders; CREATE TABLE reminders.suppression ();
                CREATE TABLE reminders.migration (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL
                    DEFAULT now())
                """
            )
        )
        {
            await block.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await Assert.ThrowsAsync<PostgresException>(() => MigrateAsync(database));
        Assert.DoesNotContain("002-", await AppliedAsync(database), StringComparison.Ordinal);
        await using (var occurrence = source.CreateCommand("SELECT to_regclass('reminders.occurrence') IS NULL"))
        {
            Assert.Equal(true, await occurrence.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        await using (var unblock = source.CreateCommand("DROP TABLE reminders.suppression"))
        {
            await unblock.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.NotEmpty(await MigrateAsync(database));
        Assert.Empty(await MigrateAsync(database));
    }

    /// <returns>What was missing before.</returns>
    private static async Task<IReadOnlyList<int>> MigrateAsync(string connectionString)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddRemindersStorage(
            new ConfigurationBuilder()
                .AddInMemoryCollection([new("ConnectionString", connectionString), new("NodeName", "migrating")])
                .Build()
        );
        await using var provider = services.BuildServiceProvider();
        var migrator = provider.GetRequiredService<Migrator>();
        var standing = await migrator.StandingAsync(TestContext.Current.CancellationToken);
        await migrator.MigrateAsync(TestContext.Current.CancellationToken);
        return [.. standing.Missing.Select(script => script.Number)];
    }

    private static async Task<string> AppliedAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var read = source.CreateCommand(
            "SELECT string_agg(number || ': ' || name || ' ' || applied_at, ', ' ORDER BY number) FROM reminders.migration"
        );
        return (string)(await read.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
