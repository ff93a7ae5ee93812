using Microsoft.EntityFrameworkCore;
using Npgsql;
using Reminders.Integration.Tests.Storage;
using Reminders.Reads;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Web;
using Reminders.Web.Console.Reads;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>A page costs what it shows: no statement of the console reads a big table through.</summary>
public sealed class Plans(FilledDatabase filled) : IClassFixture<FilledDatabase>
{
    private static readonly string[] Big = ["outbox", "occurrence", "subject", "recipient", "address", "party"];

    /// <summary>By file, each with the values it is looked at with.</summary>
    private static readonly (string Statement, string Values)[] Looked =
    [
        ("Reads/Sql/day.sql", "NULL, now() + interval '1 hour', now(), 0, '{NO_ANSWER_1H}', 101"),
        ("Reads/Sql/day.sql mine", "17, now() + interval '1 hour', now(), 0, '{NO_ANSWER_1H}', 101"),
        ("Reads/Sql/day.sql needs", "NULL, now() + interval '1 hour', now(), 0, '{NO_ANSWER_1H}', 3000, 101"),
        ("Reads/Sql/day.sql mine needs", "17, now() + interval '1 hour', now(), 0, '{NO_ANSWER_1H}', 3000, 101"),
        ("Reads/Sql/board.sql", "'{approved,day,hour,soon}', '{telegram,email}'"),
        ("Reads/Sql/find.sql", "'Person 17', 50, '{telegram,email}'"),
        ("Reads/Sql/find.sql", "'nobody', 50, '{telegram,email}'"),
        ("Reads/Sql/numbers.sql", "'30 days'"),
        ("Reads/Sql/numbers-in-time.sql", "'30 days', '1 day'"),
        ("Reads/Sql/suppressed.sql", "'', NULL, NULL, 0, '', 51"),
        ("Reads/Sql/suppressed.sql", "'day', '{%version%}', now(), 17, 'version', 51"),
        ("Reads/Sql/quartz-due.sql", "'reminders', '', 0, '', 51"),
        ("Reads/Sql/quartz-due.sql", "'reminders', 'day', 17, 'day@', 51"),
        ("Reads/Sql/quartz-lately.sql", "'reminders'"),
        ("Reads/Sql/quartz-trouble.sql", "'reminders', 20"),
        ("Reads/Sql/without-trigger.sql", "'reminders'"),
        ("Reads/Sql/chat.sql", "'b1500', NULL"),
        ("Reads/Sql/chat.sql", "NULL, 1500"),
        ("Live/Sql/outbox-stamp.sql", ""),
        ("Reads/Sql/causes.sql", "'{superseded}', '{^superseded [0-9]+$}'"),
        ("Reads/Sql/pauses.sql", ""),
        ("Acts/Sql/last-change.sql", "'booking b1500'"),
        ("Acts/Sql/consequences.sql", "1500"),
        ("Acts/Sql/forecast.sql", "'{day,hour}', '{telegram,email}', '{approved,day,hour,soon}', now() + interval '1 day'"),
    ];

    public static TheoryData<string, string> Statements =>
        [.. Looked.Select(one => new TheoryDataRow<string, string>(one.Statement, one.Values))];

    [Fact]
    public void Each_statement_that_a_page_reads_by_is_looked_at() =>
        Assert.Equal(
            new StatementFiles(typeof(WebStatement).Assembly)
                .Names.Where(name => name.StartsWith("Console/", StringComparison.Ordinal))
                .Select(name => name["Console/".Length..])
                // Accounts are few, and what signs somebody in is no page.
                .Where(name => !name.StartsWith("Accounts/", StringComparison.Ordinal)),
            Looked.Select(one => one.Statement.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("count-new.sql", "20000")]
    [InlineData("count-late.sql", "0, 20000")]
    [InlineData("count-suppressed.sql", "")]
    public Task Nor_does_what_counts_for_them(string statement, string values) =>
        LookAsync(Statement.Named($"Tallies/Sql/{statement}"), values);

    [Theory]
    [MemberData(nameof(Statements))]
    public Task Reads_no_big_table_through(string statement, string values) =>
        statement.Split(' ') is [var name, .. var sections]
            ? LookAsync(WebStatement.Named($"Console/{name}", sections), values)
            : Task.CompletedTask;

    // $1 to $4: from where, how many are looked at and told; then state, kind, channel, people, occurrences, provider's id, reasons, owner,
    // and when it was written.
    [Theory]
    [InlineData("search-written.sql", "'infinity', 9, 50000, 51, NULL, NULL, NULL, NULL, NULL, '77', NULL, NULL, NULL, NULL")]
    [InlineData(
        "search-written.sql",
        "'infinity', 9, 50000, 51, 'sent', 'day', 'telegram', '{17,18}', NULL, NULL, NULL, NULL, now(), now()"
    )]
    [InlineData("search-dead.sql", "'infinity', 9, 20000, 51, 'dead', NULL, NULL, NULL, NULL, NULL, '{%chat%}', NULL, NULL, NULL")]
    [InlineData("search-held.sql", "'1970-01-01', 0, 20000, 51, 'uncertain', NULL, NULL, NULL, NULL, NULL, '{%node%}', '', NULL, NULL")]
    [InlineData("search-of.sql", "'infinity', 9, 50000, 51, NULL, NULL, NULL, NULL, '{1,2,3}', NULL, NULL, NULL, NULL, NULL")]
    [InlineData("search-about.sql", "'booking b1500', 5000")]
    [InlineData("search-people.sql", "'Person 17', NULL, 101, NULL")]
    [InlineData("search-people.sql", "NULL, 'p17', 101, ''")]
    [InlineData("search-theirs.sql", "'{17,18}', 5001")]
    public Task Nor_does_what_looks_for_messages(string statement, string values) =>
        LookAsync(Statement.Named($"Lists/Sql/{statement}"), values);

    // $1 to $5: in doubt or dead, kind, channel, reasons; then, of all, their ids; when they were listed, and how many.
    [Theory]
    [InlineData("bulk-look.sql", "true, 'day', 'telegram', '{%node%}', now(), 10000")]
    [InlineData("bulk-look.sql", "false, 'day', NULL, NULL, now(), 10000")]
    [InlineData("bulk-all.sql", "false, NULL, NULL, NULL, '{17,18}', now(), 100000")]
    [InlineData("bulk-all.sql", "true, NULL, NULL, '{%node%}', NULL, now(), 100000")]
    public Task Nor_does_what_finds_those_that_a_decision_is_over(string statement, string values) =>
        LookAsync(Statement.Named($"Outbox/Operators/Sql/{statement}"), values);

    [Fact]
    public async Task Nor_does_what_finds_the_next_day_that_has_somebody()
    {
        await LookAsync(DayReader.NextOfAll, "now()");
        await LookAsync(DayReader.NextOf, "now(), 17");
    }

    [Fact]
    public async Task Nor_does_what_is_asked_for_by_its_number()
    {
        await using var db = new RemindersDb(
            new DbContextOptionsBuilder<RemindersDb>().UseNpgsql(filled.ConnectionString).Options,
            SchemaNames.Default
        );
        foreach (
            var query in (IQueryable<OutboxRow>[])
                [MessageReader.One(db, 1500), MessageReader.Copies(db, 1500), FindReader.Messages(db, 1500)]
        )
        {
            await using var command = query.CreateDbCommand();
            var sql = command.CommandText;
            foreach (System.Data.Common.DbParameter parameter in command.Parameters)
            {
                sql = sql.Replace(
                    "@" + parameter.ParameterName.TrimStart('@'),
                    Convert.ToString(parameter.Value, System.Globalization.CultureInfo.InvariantCulture),
                    StringComparison.Ordinal
                );
            }

            await LookAsync(sql, "");
        }
    }

    private async Task LookAsync(string sql, string values)
    {
        await using var connection = new NpgsqlConnection(filled.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await RunAsync("SET plan_cache_mode = force_custom_plan; SET random_page_cost = 1.1; SET jit = off");
        await RunAsync($"PREPARE q AS {sql}");
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE q{(values.Length > 0 ? $" ({values})" : "")}", connection);
        await using var reader = await explain.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var plan = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            plan.Add(reader.GetString(0));
        }

        Assert.DoesNotContain(plan, line => Big.Any(table => line.Contains($"Seq Scan on {table} ", StringComparison.Ordinal)));

        async Task RunAsync(string text)
        {
            await using var command = new NpgsqlCommand(text, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
