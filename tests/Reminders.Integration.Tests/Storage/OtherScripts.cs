using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Storage.Schema;

namespace Reminders.Integration.Tests.Storage;

/// <summary>A build works with a database that was made by its own scripts, or by a newer build that says it may.</summary>
public sealed class OtherScripts(Postgres postgres)
{
    private static readonly int Highest = SchemaScript.All[^1].Number;

    [Fact]
    public async Task A_database_whose_script_was_another_is_refused_at_start_in_one_line_that_names_it()
    {
        var database = await postgres.CreateDatabaseAsync();
        Assert.Equal(SchemaScript.All.Count, await ScalarAsync<long>(database, "SELECT count(checksum) FROM reminders.migration"));
        await ExecuteAsync(database, "UPDATE reminders.migration SET checksum = 'feedfacefeedface' WHERE number = 3");
        await RefusedAsync(database, "another script 003-outbox");
    }

    /// <summary>As of a build before checksums were kept: nobody knows the script, but everybody sees what it did not make.</summary>
    [Theory]
    [InlineData("ALTER TABLE reminders.outbox DROP COLUMN throttled", "another script 003-outbox", "lacks the column outbox.throttled")]
    [InlineData(
        "ALTER TABLE reminders.occurrence DROP CONSTRAINT occurrence_identity",
        "another script 002-ledger",
        "lacks the constraint occurrence_identity"
    )]
    [InlineData(
        "ALTER TABLE reminders.subject ALTER created_by DROP NOT NULL",
        "another script 001-subjects",
        "the column subject.created_by is"
    )]
    public async Task An_old_database_made_by_another_script_is_refused_by_what_the_script_left_out(
        string damage,
        string script,
        string said
    )
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, "UPDATE reminders.migration SET checksum = NULL, works_beside = NULL");
        await ExecuteAsync(database, damage);
        var errors = await RefusedAsync(database, script);
        Assert.Contains(said, errors);
    }

    [Fact]
    public async Task An_old_database_made_by_the_same_scripts_is_given_their_checksums()
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(
            database,
            "UPDATE reminders.migration SET checksum = NULL, works_beside = NULL; CREATE INDEX theirs ON reminders.outbox (created_at)"
        );
        var run = await CommandLine.RunAsync(database, "migrate");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(
            SchemaScript.All.Count,
            await ScalarAsync<long>(
                database,
                "SELECT count(*) FROM reminders.migration WHERE checksum IS NOT NULL AND works_beside IS NOT NULL"
            )
        );
    }

    [Fact]
    public async Task A_newer_schema_is_worked_with_where_it_says_so_and_refused_where_it_does_not()
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(
            database,
            $"INSERT INTO reminders.migration (number, name, checksum, works_beside) VALUES ({Highest + 1}, "
                + $"'{Highest + 1:000}-later', 'x', {Highest})"
        );
        Assert.Equal(0, (await CommandLine.RunAsync(database, "migrate")).ExitCode);
        var doctor = await CommandLine.RunAsync(database, "doctor");
        Assert.Contains($"! schema      is of a newer build ({Highest + 1:000}-later), which works beside this one", doctor.Output);

        await ExecuteAsync(database, $"UPDATE reminders.migration SET works_beside = {Highest + 1} WHERE number = {Highest + 1}");
        await RefusedAsync(database, $"script {Highest + 1:000}-later of a newer build");
        await ExecuteAsync(database, $"UPDATE reminders.migration SET works_beside = NULL WHERE number = {Highest + 1}");
        await RefusedAsync(database, $"script {Highest + 1:000}-later of a newer build");
    }

    /// <summary>Where another role migrates, a node may be there before the schema is.</summary>
    [Fact]
    public async Task A_database_that_lacks_a_script_of_this_build_is_refused_by_readiness_and_by_doctor()
    {
        await using var node = await WebNode.StartAsync(postgres);
        await Eventually.TrueAsync(async () => (await node.GetAsync("/health/ready", "")).Status == 200, TimeSpan.FromSeconds(30), "ready");
        await ExecuteAsync(node.ConnectionString, $"DELETE FROM reminders.migration WHERE number = {Highest}");
        var ready = await node.GetAsync("/health/ready", "");
        Assert.Equal(
            (503, "failing", $"The database lacks schema scripts {SchemaScript.All[^1].Name}: run migrate."),
            (
                ready.Status,
                (string)ready.Json["checks"]!["migrations"]!["status"]!,
                (string)ready.Json["checks"]!["migrations"]!["description"]!
            )
        );
        var doctor = await CommandLine.RunAsync(node.ConnectionString, "doctor");
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains($"✗ schema      lacks 1 scripts of this build ({SchemaScript.All[^1].Name}). Bring it up to date", doctor.Output);
    }

    [Fact]
    public void A_checksum_is_of_what_a_script_does_and_not_of_its_comments()
    {
        var script = new SchemaScript(1, "001-x", "-- A word.\nCREATE TABLE x ();\n");
        Assert.Equal(script.Checksum, new SchemaScript(1, "001-x", "-- Another.\r\n\r\nCREATE TABLE x ();  \r\n").Checksum);
        Assert.NotEqual(script.Checksum, new SchemaScript(1, "001-x", "CREATE TABLE y ();\n").Checksum);
        Assert.Equal(
            (1, 7),
            (script.WorksBeside, new SchemaScript(9, "009-x", "-- A.\n-- works beside builds from: 7\nSELECT 1").WorksBeside)
        );
    }

    /// <summary>By migrate, by a node, and by doctor.</summary>
    private static async Task<string> RefusedAsync(string database, string said)
    {
        var errors = "";
        foreach (
            var arguments in (string[][])
                [
                    ["migrate"],
                    ["serve", "--urls", "http://127.0.0.1:0"],
                ]
        )
        {
            var run = await CommandLine.RunAsync(database, arguments);
            Assert.Equal(3, run.ExitCode);
            errors = Assert.Single(
                run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                line => line.Contains(said, StringComparison.Ordinal)
            );
            Assert.DoesNotContain("   at ", run.Errors);
            Assert.DoesNotContain("ConnectionString", run.Errors);
        }
        Assert.Contains("✗ schema", (await CommandLine.RunAsync(database, "doctor")).Output);
        return errors;
    }

    private const string AnotherPredicate = """
        CREATE OR REPLACE FUNCTION reminders.masked(address text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'of another build' $$
        """;

    [Fact]
    public async Task A_start_replaces_the_predicates_of_an_older_build()
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, AnotherPredicate);
        Assert.Equal(0, (await CommandLine.RunAsync(database, "migrate")).ExitCode);
        Assert.Equal("a…@example.org", await ScalarAsync<string>(database, "SELECT reminders.masked('anna@example.org')"));
    }

    [Fact]
    public async Task A_start_leaves_the_predicates_of_a_newer_build()
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(
            database,
            $"INSERT INTO reminders.migration (number, name, checksum, works_beside) VALUES ({Highest + 1}, '{Highest + 1:000}-later', 'x', {Highest})"
        );
        await ExecuteAsync(database, AnotherPredicate);
        Assert.Equal(0, (await CommandLine.RunAsync(database, "migrate")).ExitCode);
        Assert.Equal("of another build", await ScalarAsync<string>(database, "SELECT reminders.masked('anna@example.org')"));
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<T> ScalarAsync<T>(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
