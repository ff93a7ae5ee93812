using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Storage;

/// <summary>
/// How the hot statements are planned with PostgreSQL's default settings, for any values as the engine's sessions plan them and for
/// these as a pooled transaction does, and with statistics from before a rush and from its midst.
/// </summary>
public sealed class Plans(FilledDatabase filled, GrownDatabase grown) : IClassFixture<FilledDatabase>, IClassFixture<GrownDatabase>
{
    private const string Kinds = "'{approved,day,hour,soon}'";
    private const string Channels = """'{"telegram,email","telegram,email","telegram,email","telegram,email"}'""";

    // A fence asks whatever is planned and sent about the subject 1500.
    private const int AllOfOneSubject = 3;

    private static readonly string[] BigTables = ["outbox", "occurrence", "subject", "recipient", "address", "party"];
    private static readonly string[] StateIndexes =
    [
        "outbox_due",
        "lease_end_at",
        "outbox_held",
        "outbox_dead",
        "occurrence_due",
        "occurrence_waiting",
        "occurrence_fresh",
    ];

    /// <summary>By name and sections: what each is executed with, where {} stands for ids.</summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["Outbox/Sql/claim.sql"] = $"{Kinds}, 'telegram', 100, 200, '30s', 'n', '{{}}'",
        ["Outbox/Sql/take.sql"] =
            $"'telegram', {Kinds}, 200, 100, 'n', '25s', 1, '0/0', 1, '{{}}', {Many("1970-01-01", 4)}, {Many("0", 4)}",
        ["Outbox/Sql/next-due.sql"] = $"{Kinds}, 'telegram', {Kinds}",
        ["Outbox/Sql/start.sql"] = $"{{claimed}}, {Many("1", 100)}, 'telegram', '1min', {Kinds}, {Channels}, 1, '0/0'",
        ["Outbox/Sql/start.sql limited"] =
            $"{{claimed}}, {Many("1", 100)}, 'telegram', '1min', {Kinds}, {Channels}, 1, '0/0', 30, '1s', '5s', '0s'",
        ["Outbox/Sql/settle.sql"] = Settled("sent", "sent"),
        ["Outbox/Sql/settle.sql in doubt"] = Settled("uncertain", "uncertain"),
        ["Outbox/Sql/settle.sql fallen"] = Settled("dead", "unreachable"),
        ["Outbox/Sql/settle-sent.sql"] = $"{{started}}, {Many("1", 100)}, {Many("id", 100)}, {{tokens}}",
        ["Outbox/Sql/take-back.sql"] = "'n', '{1}'",
        ["Outbox/Sql/release.sql"] = $"{{claimed}}, {Many("1", 100)}, 'n'",
        ["Outbox/Sql/reap.sql"] = "'{}', 500, '{}'",
        ["Ledger/Sql/fire.sql"] =
            $"{Kinds}, {Channels}, '0s', 250, 'n', {Many("false", 4)}, {Many("NULL", 4)}, {Many("NULL", 4)}, {Many("0", 4)}, '{{}}', "
            + "'trigger'",
        ["Ledger/Sql/resume-reached.sql"] = $"{Kinds}, {Channels}",
        ["Bookings/Sql/approve-proposed.sql"] = "'b30300', 'by', '', true, NULL, NULL, 'telegram', 'booking'",
        ["Ledger/Sql/plan-subjects.sql"] = "{subjects}",
        ["Ledger/Sql/plan.sql"] = Planned("NULL"),
        ["Ledger/Sql/plan.sql late"] = Planned("late"),
        ["Ledger/Sql/plan-suppressed.sql"] = $"{Many("day", 250)}, {{subjects}}, {Many("1", 250)}, {{people}}, 'by'",
        ["Subjects/Sql/tell-viewers.sql"] = "{subjects}, 300",
        ["Subjects/Sql/fence-planned.sql"] = "1500, 'by'",
        ["Subjects/Sql/fence-unsent.sql"] = "1500, 'by', '{telegram}'",
        ["Subjects/Sql/fence-digest.sql"] = "1500, 'by'",
        ["Subjects/Sql/fence-edits.sql"] = "1500, 'by'",
        ["Subjects/Sql/fence-delivered.sql"] = "1500, '{telegram}'",
    };

    public static TheoryData<string> Statements => [.. Values.Keys];

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Reads_what_it_needs_and_throws_nothing_away(string statement)
    {
        var sql = Sql(statement);
        await using var connection = new NpgsqlConnection(filled.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var values = await WithIdsAsync(connection, Values[statement]);
        var wrong = new List<string>();
        foreach (var counted in (bool[])[false, true])
        {
            foreach (var mode in (string[])["force_generic_plan", "force_custom_plan"])
            {
                await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
                await RunAsync(
                    connection,
                    $"""
                    SET LOCAL random_page_cost = 4; SET LOCAL seq_page_cost = 1; SET LOCAL work_mem = '4MB'; SET LOCAL jit = off;
                    SET LOCAL effective_cache_size = '4GB'; SET LOCAL max_parallel_workers_per_gather = 0;
                        SET LOCAL plan_cache_mode = {mode};
                    UPDATE reminders.subject SET version = 2, status = 'cancelled' WHERE id = 1500;
                    """
                );
                if (counted)
                {
                    await RunAsync(connection, "ANALYZE reminders.outbox; ANALYZE reminders.occurrence");
                }

                await RunAsync(connection, $"PREPARE q AS {sql}");
                var plan = JsonNode.Parse(await TextAsync(connection, $"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE q ({values})"))![0]![
                    "Plan"
                ]!;
                wrong.AddRange(Nodes(plan).SelectMany(Faults).Select(fault => $"{mode}{(counted ? ", counted" : "")}: {fault}"));
                await transaction.RollbackAsync(TestContext.Current.CancellationToken);
                await RunAsync(connection, "DEALLOCATE q");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>A node plans a statement once. It may have begun on the first day of an installation, and the first rush comes before
    /// anybody has counted the tables again.</summary>
    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Planned_while_there_was_nothing_it_reads_no_more(string statement)
    {
        var connection = await grown.PlannedAsync(Values.ToDictionary(one => one.Key, one => (Sql(one.Key), Nobody(one.Value))));
        var values = await WithIdsAsync(connection, Values[statement]);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await RunAsync(connection, "UPDATE reminders.subject SET version = 2, status = 'cancelled' WHERE id = 1500");
        var plan = JsonNode.Parse(await TextAsync(connection, $"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE \"{statement}\" ({values})"))![0]![
            "Plan"
        ]!;
        var wrong = Nodes(plan).SelectMany(Faults).ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    /// <summary>A session may lose its plans at any time (it does when it lags behind the server's own messages), also in the midst of the
    /// first rush: the tables are large by then, and nobody has counted them.</summary>
    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Planned_in_the_first_rush_it_reads_no_more(string statement)
    {
        await grown.PlannedAsync(Values.ToDictionary(one => one.Key, one => (Sql(one.Key), Nobody(one.Value))));
        await using var connection = await grown.SessionAsync();
        var values = await WithIdsAsync(connection, Values[statement]);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await RunAsync(connection, "UPDATE reminders.subject SET version = 2, status = 'cancelled' WHERE id = 1500");
        await RunAsync(connection, $"PREPARE q AS {Sql(statement)}");
        var plan = JsonNode.Parse(await TextAsync(connection, $"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE q ({values})"))![0]!["Plan"]!;
        var wrong = Nodes(plan).SelectMany(Faults).ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    /// <summary>A call is dear: what is in it is planned again for each transaction, and a row is put together to hand it over.</summary>
    [Theory]
    [MemberData(nameof(Statements))]
    public async Task The_shared_predicates_are_part_of_it_and_not_called(string statement)
    {
        await using var connection = new NpgsqlConnection(filled.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await RunAsync(connection, $"SET plan_cache_mode = force_generic_plan; PREPARE q AS {Sql(statement)}");
        var values = Nobody(Values[statement]);
        var plan = await TextAsync(connection, $"EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE q ({values})");
        Assert.DoesNotMatch(@"reminders\.(unwanted|question|made_by|standing_answer)\(", plan);
    }

    /// <summary>In SQL, one that reads a table is parsed and planned anew by each statement that asks it.</summary>
    [Fact]
    public async Task A_shared_predicate_that_reads_a_table_keeps_its_plan()
    {
        await using var connection = new NpgsqlConnection(filled.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var readers = await TextAsync(
            connection,
            """
            SELECT string_agg(proname || ' ' || lanname, ', ' ORDER BY proname)
            FROM pg_proc JOIN pg_language l ON l.oid = prolang
            WHERE pronamespace = 'reminders'::regnamespace AND prorettype = 'boolean'::regtype AND prosrc ~ 'FROM reminders\.'
            """
        );
        Assert.Equal(
            "is_announced plpgsql, is_heard plpgsql, is_wanted plpgsql, recruited_by plpgsql, still_says_so plpgsql, wants plpgsql",
            readers
        );
    }

    private static string Sql(string statement) =>
        statement.Split(' ') is [var file, ("limited" or "late") and var section]
            ? Statement.Named(file, section)
            : Statement.Named(statement.Split(' ')[0]);

    // Planning looks at no value.
    private static string Nobody(string values) => Regex.Replace(values, @"(?<!')\{(claimed|started|tokens|subjects|people)\}", "'{}'");

    private static IEnumerable<string> Faults(JsonNode node)
    {
        var (type, table, index) = (node["Node Type"]!.GetValue<string>(), Text(node, "Relation Name"), Text(node, "Index Name"));
        var (loops, rows) = (node["Actual Loops"]!.GetValue<double>(), node["Actual Rows"]!.GetValue<double>());
        if (type == "Seq Scan" && table is not null && BigTables.Contains(table) && loops > 0)
        {
            yield return $"{table} is read whole";
        }
        // Once for each kind is meant; once for each message is a join over all that is under way.
        if (index is not null && StateIndexes.Contains(index) && loops > 4)
        {
            yield return $"{index} is walked {loops} times";
        }
        // A CTE is a handful of rows already found, and so is a small table.
        var removed = node.AsObject()
            .Where(field => field.Key.StartsWith("Rows Removed by", StringComparison.Ordinal))
            .Sum(field => field.Value!.GetValue<double>());
        if (removed > AllOfOneSubject + rows && type is not ("CTE Scan" or "Seq Scan" or "Subquery Scan"))
        {
            yield return $"{type} {index} throws {removed} rows away: {Text(node, "Join Filter") ?? Text(node, "Filter")}";
        }
    }

    private static string? Text(JsonNode node, string field) => node[field]?.GetValue<string>();

    private static IEnumerable<JsonNode> Nodes(JsonNode plan) =>
        (plan["Plans"]?.AsArray().SelectMany(part => Nodes(part!)) ?? []).Prepend(plan);

    private static string Many(string value, int times) => $"'{{{string.Join(',', Enumerable.Repeat(value, times))}}}'";

    private static string Settled(string state, string outcome) =>
        $"{{started}}, {Many("1", 100)}, {Many(state, 100)}, {Many(outcome, 100)}, {Many("NULL", 100)}, {Many("NULL", 100)}, "
        + $"{Many("0", 100)}, "
        + $"{Many("1", 100)}, {Many("false", 100)}, {Many("2026-01-01", 100)}, {Kinds}, {Channels}, {{tokens}}";

    private static string Planned(string reason) =>
        $"{Many("soon", 250)}, {{subjects}}, {Many("1", 250)}, {{people}}, {Many(reason, 250)}, {Many("approved", 250)}, "
        + $"{Many("t", 250)}, "
        + $"{Many("true", 250)}, {Many("2040-01-01", 250)}, {Many("2040-01-02", 250)}, 'by'";

    private static async Task<string> WithIdsAsync(NpgsqlConnection connection, string values)
    {
        const string Lease = "FROM reminders.outbox WHERE state = 'sending' AND lease_until > now() AND send_started_at";
        foreach (
            var (hole, query) in new Dictionary<string, string>
            {
                ["{claimed}"] = $"SELECT id {Lease} IS NULL ORDER BY id LIMIT 100",
                ["{started}"] = $"SELECT id {Lease} IS NOT NULL ORDER BY id LIMIT 100",
                ["{tokens}"] = $"SELECT press_token FROM (SELECT id, press_token {Lease} IS NOT NULL ORDER BY id LIMIT 100) t ORDER BY id",
                ["{subjects}"] = "SELECT subject_id FROM reminders.party WHERE subject_id BETWEEN 30001 AND 30250 ORDER BY subject_id",
                ["{people}"] = "SELECT recipient_id FROM reminders.party WHERE subject_id BETWEEN 30001 AND 30250 ORDER BY subject_id",
            }
        )
        {
            if (values.Contains(hole, StringComparison.Ordinal))
            {
                values = values.Replace(
                    hole,
                    $"'{await TextAsync(connection, $"SELECT array_agg(id)::text FROM ({query}) t (id)")}'",
                    StringComparison.Ordinal
                );
            }
        }
        return values;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> TextAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
