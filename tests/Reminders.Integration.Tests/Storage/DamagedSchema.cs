using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Storage.Schema;

namespace Reminders.Integration.Tests.Storage;

/// <summary>Whatever somebody takes from the schema, doctor and readiness name it, and say what brings it back.</summary>
public sealed class DamagedSchema(Postgres postgres)
{
    public static TheoryData<string, string, bool> Damages =>
        new()
        {
            {
                "ALTER TABLE reminders.occurrence DROP CONSTRAINT occurrence_identity",
                "reminders lacks the constraint occurrence_identity of occurrence",
                true
            },
            {
                "ALTER TABLE reminders.outbox DROP CONSTRAINT outbox_identity",
                "reminders lacks the constraint outbox_identity of outbox",
                true
            },
            { "DROP INDEX reminders.outbox_digest", "reminders lacks the unique index outbox_digest of outbox", true },
            { "DROP INDEX reminders.outbox_press_token", "reminders lacks the unique index outbox_press_token of outbox", true },
            {
                "ALTER TABLE reminders.subject DROP CONSTRAINT subject_identity",
                "reminders lacks the constraint subject_identity of subject",
                true
            },
            {
                "ALTER TABLE reminders.inbound_update DROP CONSTRAINT inbound_update_pkey",
                "reminders lacks the constraint inbound_update_pkey of inbound_update",
                true
            },
            {
                "ALTER TABLE reminders.recipient DROP CONSTRAINT recipient_identity",
                "reminders lacks the constraint recipient_identity of recipient",
                true
            },
            {
                "ALTER TABLE reminders.outbox DROP CONSTRAINT outbox_leased_iff_sending",
                "reminders lacks the constraint outbox_leased_iff_sending of outbox",
                true
            },
            {
                "DROP INDEX reminders.outbox_digest; CREATE INDEX outbox_digest ON reminders.outbox (kind, "
                    + "recipient_id, "
                    + "digest_at) WHERE digest_at IS NOT NULL",
                "reminders lacks the unique index outbox_digest of outbox",
                true
            },
            {
                "DROP INDEX reminders.outbox_digest; CREATE UNIQUE INDEX outbox_digest ON reminders.outbox (kind, "
                    + "digest_at) "
                    + "WHERE digest_at IS NOT NULL",
                "the unique index outbox_digest of outbox is",
                true
            },
            {
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'reminders.outbox_digest'::regclass",
                "the unique index outbox_digest of outbox is invalid",
                true
            },
            {
                "ALTER TABLE reminders.address DROP CONSTRAINT address_recipient_id_fkey; ALTER TABLE reminders.address ADD "
                    + "CONSTRAINT address_recipient_id_fkey FOREIGN KEY "
                    + "(recipient_id) REFERENCES reminders.recipient (id) NOT VALID",
                "the constraint address_recipient_id_fkey of address was never validated",
                true
            },
            { "DROP SEQUENCE reminders.window_version CASCADE", "reminders lacks the sequence window_version", true },
            { "DROP FUNCTION reminders.wants", "reminders lacks the function wants(", true },
            { "ALTER TABLE reminders.outbox DROP COLUMN throttled", "reminders lacks the column outbox.throttled", true },
            {
                "ALTER TABLE reminders.outbox ALTER throttled DROP NOT NULL",
                "the column outbox.throttled is \"throttled integer DEFAULT 0\"",
                true
            },
            { "ALTER TABLE reminders.throttle SET UNLOGGED", "the table throttle is unlogged", true },
            { "DROP TABLE reminders.throttle", "reminders lacks the table throttle", true },
            { "DROP INDEX reminders.outbox_due", "reminders lacks the index outbox_due of outbox", false },
            {
                "CREATE OR REPLACE FUNCTION reminders.is_announced(of_occurrence bigint) RETURNS boolean LANGUAGE "
                    + "sql STABLE "
                    + "AS 'SELECT false'",
                "the function is_announced(",
                true
            },
            {
                "ALTER TABLE quartz.qrtz_fired_triggers DROP CONSTRAINT qrtz_fired_triggers_pkey",
                "quartz lacks the constraint qrtz_fired_triggers_pkey of qrtz_fired_triggers",
                true
            },
            {
                "DROP TRIGGER recipient_is_somebody ON reminders.recipient",
                "reminders lacks the trigger recipient_is_somebody of recipient",
                true
            },
            {
                "ALTER TABLE reminders.recipient DISABLE TRIGGER recipient_is_somebody",
                "the trigger recipient_is_somebody of recipient is disabled",
                true
            },
            {
                "ALTER TABLE quartz.qrtz_triggers DROP COLUMN preferred_node_auto",
                "quartz lacks the column qrtz_triggers.preferred_node_auto",
                true
            },
            { "DROP INDEX quartz.idx_qrtz_t_c", "quartz lacks the index idx_qrtz_t_c of qrtz_triggers", false },
            { "DROP TABLE quartz.qrtz_locks", "quartz lacks the table qrtz_locks", true },
            { "DROP VIEW quartz.due", "quartz lacks the view due", true },
        };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Each_damage_is_found_by_name_and_the_statement_beside_it_puts_it_right(string damage, string said, bool breaks)
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        var check = new SchemaCheck(new(database));
        Assert.Empty(await check.LookAsync(TestContext.Current.CancellationToken));
        await ExecuteAsync(database, damage);
        var found = await check.LookAsync(TestContext.Current.CancellationToken);
        var first = found.First(one => one.Weight > Weight.Foreign && one.Says.Contains(said, StringComparison.Ordinal));
        Assert.Equal(breaks, first.Weight == Weight.Breaks);
        if (found.Any(one => one.Mends is null))
        {
            return; // A column of another type is for a person.
        }

        foreach (var one in found.Where(one => one.Weight == Weight.Foreign))
        {
            await ExecuteAsync(database, $"DROP INDEX {one.Schema}.{one.Live!.ShortName}");
        }

        foreach (var one in found.Where(one => one.Weight > Weight.Foreign))
        {
            await ExecuteAsync(database, one.Mends!);
        }
        // A table that was gone comes back without its indexes, and they are found next.
        foreach (var one in await check.LookAsync(TestContext.Current.CancellationToken))
        {
            await ExecuteAsync(database, one.Mends!);
        }

        Assert.Empty(await check.LookAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_somebody_added_is_named_and_breaks_nothing()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await ExecuteAsync(
            database,
            "CREATE INDEX theirs ON reminders.outbox (created_at); CREATE TABLE reminders.their_table (id int PRIMARY KEY)"
        );
        var found = await new SchemaCheck(new(database)).LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "reminders has the index theirs of outbox, which is not of this build",
                "reminders has the table their_table, which is not of this build",
            ],
            found.Select(one => one.Says).Order()
        );
        Assert.All(found, one => Assert.Equal(Weight.Foreign, one.Weight));
    }

    [Fact]
    public async Task Without_its_identity_a_node_is_not_ready_migrate_is_not_done_and_no_command_blames_the_connection()
    {
        await using var node = await WebNode.StartAsync(postgres);
        var connectionString = node.ConnectionString;
        var booking = await node.BookAsync();
        await Eventually.TrueAsync(async () => (await node.GetAsync("/health/ready", "")).Status == 200, TimeSpan.FromSeconds(30), "ready");
        Assert.Equal((0, true), Is(await CommandLine.RunAsync(connectionString, "migrate"), "The schema is up to date."));

        await ExecuteAsync(
            node.Database,
            "ALTER TABLE reminders.occurrence DROP CONSTRAINT occurrence_identity; DROP INDEX reminders.outbox_due"
        );
        Assert.Equal(500, (await node.PostAsync($"/api/bookings/{booking}/approve")).Status);
        var ready = await node.GetAsync("/health/ready", "");
        Assert.Equal((503, "failing"), (ready.Status, (string)ready.Json["checks"]!["migrations"]!["status"]!));
        Assert.StartsWith(
            "reminders lacks the constraint occurrence_identity of occurrence; reminders lacks the index outbox_due of outbox.",
            (string)ready.Json["checks"]!["migrations"]!["description"]!
        );

        var migrate = await CommandLine.RunAsync(connectionString, "migrate");
        Assert.Equal(1, migrate.ExitCode);
        Assert.DoesNotContain("up to date", migrate.Output);
        Assert.Contains("reminders lacks the constraint occurrence_identity of occurrence.", migrate.Errors);
        var doctor = await CommandLine.RunAsync(connectionString, "doctor");
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains(
            "✗ schema      reminders lacks the constraint occurrence_identity of occurrence. Put it back. Run: "
                + "ALTER TABLE "
                + "reminders.occurrence ADD CONSTRAINT occurrence_identity UNIQUE",
            doctor.Output
        );
        Assert.Contains(
            "! schema      reminders lacks the index outbox_due of outbox. Put it back. Run: CREATE INDEX outbox_due",
            doctor.Output
        );
        var approve = await CommandLine.RunAsync(connectionString, "bookings", "approve", booking);
        Assert.Equal(3, approve.ExitCode);
        Assert.Contains("reminders lacks the constraint occurrence_identity of occurrence", approve.Errors);
        Assert.DoesNotContain("ConnectionString", approve.Errors);

        var sql = await CommandLine.RunAsync(connectionString, "doctor", "--sql");
        await ExecuteAsync(node.Database, sql.Output);
        Assert.Equal(200, (await node.PostAsync($"/api/bookings/{booking}/approve")).Status);
        Assert.Equal("ok", (string)(await node.GetAsync("/health/ready", "")).Json["checks"]!["migrations"]!["status"]!);
    }

    /// <summary>While a cluster is renewed, and after a build was taken back: the newer one's additions are no reason to look
    /// away.</summary>
    [Fact]
    public async Task A_newer_builds_schema_still_has_to_have_what_this_build_stands_on()
    {
        await using var node = await WebNode.StartAsync(postgres);
        var later = SchemaScript.All[^1].Number + 1;
        await ExecuteAsync(
            node.Database,
            $"""
            INSERT INTO reminders.migration (number, name, checksum, works_beside) VALUES ({later}, '{later:000}-later', 'x', 1);
            ALTER TABLE reminders.outbox ADD COLUMN later text; DROP INDEX reminders.outbox_due
            """
        );
        await Eventually.TrueAsync(async () => (await node.GetAsync("/health/ready", "")).Status == 200, TimeSpan.FromSeconds(30), "ready");
        Assert.DoesNotContain("✗ schema", (await CommandLine.RunAsync(node.ConnectionString, "doctor")).Output);

        await ExecuteAsync(node.Database, "ALTER TABLE reminders.occurrence DROP CONSTRAINT occurrence_identity");
        var ready = await node.GetAsync("/health/ready", "");
        Assert.Equal(503, ready.Status);
        Assert.StartsWith(
            "reminders lacks the constraint occurrence_identity of occurrence",
            (string)ready.Json["checks"]!["migrations"]!["description"]!
        );
        Assert.Contains(
            "✗ schema      reminders lacks the constraint occurrence_identity",
            (await CommandLine.RunAsync(node.ConnectionString, "doctor")).Output
        );
    }

    [Fact]
    public async Task A_command_on_a_database_without_schema_says_to_migrate()
    {
        var run = await CommandLine.RunAsync(await postgres.CreateEmptyDatabaseAsync(), "outbox", "list");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("run migrate", run.Errors);
        Assert.DoesNotContain("ConnectionString", run.Errors);
    }

    private static (int, bool) Is((int ExitCode, string Output, string Errors) run, string said) =>
        (run.ExitCode, run.Output.Contains(said, StringComparison.Ordinal));

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
