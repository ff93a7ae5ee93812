using Npgsql;
using Reminders.Integration.Tests.Storage;
using Reminders.Web;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>A page costs what it shows: no statement of the console reads a big table through.</summary>
public sealed class Plans(FilledDatabase filled) : IClassFixture<FilledDatabase>
{
    private static readonly string[] Big = ["outbox", "occurrence", "subject", "recipient", "address", "party"];

    [Theory]
    [InlineData("Reads/Sql/day.sql", "NULL, now(), now() + interval '1 hour', '1970-01-01', 0, '{NO_ANSWER_1H}', 101")]
    [InlineData("Reads/Sql/day.sql", "17, now(), now() + interval '1 hour', '1970-01-01', 0, '{NO_ANSWER_1H}', 101")]
    [InlineData("Reads/Sql/board.sql", "'{approved,day,hour,soon}', '{telegram,email}'")]
    [InlineData("Reads/Sql/find.sql", "'Person 17', 50, '{telegram,email}'")]
    [InlineData("Reads/Sql/find.sql", "'nobody', 50, '{telegram,email}'")]
    [InlineData("Live/Sql/outbox-stamp.sql", "")]
    [InlineData("Acts/Sql/consequences.sql", "1500")]
    public async Task Reads_no_big_table_through(string statement, string values)
    {
        await using var connection = new NpgsqlConnection(filled.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await RunAsync("SET plan_cache_mode = force_custom_plan; SET random_page_cost = 1.1; SET jit = off");
        await RunAsync($"PREPARE q AS {WebStatement.Named($"Console/{statement}")}");
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE q{(values.Length > 0 ? $" ({values})" : "")}", connection);
        await using var reader = await explain.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var plan = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            plan.Add(reader.GetString(0));
        }

        Assert.DoesNotContain(plan, line => Big.Any(table => line.Contains($"Seq Scan on {table} ", StringComparison.Ordinal)));

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
