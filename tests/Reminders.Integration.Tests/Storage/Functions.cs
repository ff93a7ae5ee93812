using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Storage.Schema;

namespace Reminders.Integration.Tests.Storage;

/// <summary>The predicates are those of the newest build that has started on the database.</summary>
public sealed class Functions(Postgres postgres)
{
    private const string Another = """
        CREATE OR REPLACE FUNCTION reminders.masked(address text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'of another build' $$
        """;

    [Fact]
    public async Task A_start_replaces_what_an_older_build_had()
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, Another);
        Assert.Equal(0, (await CommandLine.RunAsync(database, "migrate")).ExitCode);
        Assert.Equal("a…@example.org", await MaskedAsync(database));
    }

    [Fact]
    public async Task A_start_leaves_what_a_newer_build_has()
    {
        var (database, newer) = (await postgres.CreateDatabaseAsync(), SchemaScript.All[^1].Number + 1);
        await ExecuteAsync(
            database,
            $"INSERT INTO reminders.migration (number, name, checksum, works_beside) VALUES ({newer}, '{newer:000}-later', "
                + $"'x', {newer - 1})"
        );
        await ExecuteAsync(database, Another);
        Assert.Equal(0, (await CommandLine.RunAsync(database, "migrate")).ExitCode);
        Assert.Equal("of another build", await MaskedAsync(database));
    }

    private static async Task<string> MaskedAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT reminders.masked('anna@example.org')", connection);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
