using Npgsql;
using Reminders.TestPostgres;

namespace Reminders.Integration.Tests;

/// <summary>Every other test here leans on the fixture, so it is held to its promise first.</summary>
public sealed class PostgresFixtureTests
{
    [Fact]
    public async Task Each_test_gets_a_database_of_its_own_from_a_template_migrated_once()
    {
        await using var fixture = new Migrated();
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.CreateDatabaseAsync()));
        var folder = (await fixture.ServerAsync()).Folder;

        Assert.Equal(1, fixture.Migrations);
        Assert.Equal(4, databases.Distinct().Count());
        await ExecuteAsync(databases[0], "DELETE FROM migrated");
        Assert.Equal(
            [0L, 1L],
            [
                await ExecuteAsync(databases[0], "SELECT count(*) FROM migrated"),
                await ExecuteAsync(databases[1], "SELECT count(*) FROM migrated"),
            ]
        );
        await Assert.ThrowsAsync<PostgresException>(async () =>
            await ExecuteAsync(await fixture.CreateEmptyDatabaseAsync(), "SELECT FROM migrated")
        );

        await fixture.DisposeAsync();
        Assert.False(Directory.Exists(folder));
    }

    private static async Task<object?> ExecuteAsync(string database, string sql)
    {
        // Pooled on purpose: a migration leaves pooled connections behind, and the template must still be clonable.
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private sealed class Migrated : PostgresFixture
    {
        private readonly int[] _migrations;

        public Migrated()
            : this(new int[1]) { }

        private Migrated(int[] migrations)
            : base(async database =>
            {
                Interlocked.Increment(ref migrations[0]);
                await ExecuteAsync(database, "CREATE TABLE migrated AS SELECT 1 AS n");
            }) => _migrations = migrations;

        public int Migrations => _migrations[0];
    }
}
