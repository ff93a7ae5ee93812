using Reminders.Settings;

namespace Reminders.Integration.Tests.Schemas;

/// <summary>A schema that somebody else uses is refused in one line, and neither of the two is touched.</summary>
public sealed class ForeignSchemas(Postgres postgres)
{
    [Theory]
    // Quartz's own tables, as another application made them.
    [InlineData(
        "CREATE SCHEMA quartz; CREATE TABLE quartz.qrtz_job_details (sched_name text); CREATE TABLE quartz.qrtz_triggers (sched_name text)",
        "QuartzSchema is 'quartz': ",
        "qrtz_job_details, qrtz_triggers"
    )]
    [InlineData("CREATE SCHEMA quartz; CREATE TABLE quartz.minerals (name text)", "QuartzSchema is 'quartz': ", "minerals")]
    [InlineData(
        "CREATE SCHEMA quartz; CREATE FUNCTION quartz.cut() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "QuartzSchema is 'quartz': ",
        "cut()"
    )]
    [InlineData("CREATE SCHEMA reminders; CREATE TABLE reminders.reminder (id int)", "Schema is 'reminders': ", "reminder")]
    [InlineData("CREATE SCHEMA reminders; CREATE VIEW reminders.today AS SELECT now()", "Schema is 'reminders': ", "today")]
    // A migrations table of another tool.
    [InlineData("CREATE SCHEMA reminders; CREATE TABLE reminders.migration (version text)", "Schema is 'reminders': ", "migration")]
    public async Task Are_refused_untouched(string theirs, string begins, string holds)
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Installation.ExecuteAsync(database, theirs);
        var before = await InventoryAsync(database);
        var problem = Assert.Single((await Assert.ThrowsAsync<SettingsException>(() => Installation.MigrateAsync(database))).Problems);
        Assert.StartsWith(begins, problem, StringComparison.Ordinal);
        Assert.Contains(holds, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
        Assert.Equal(before, await InventoryAsync(database));
    }

    [Fact]
    public async Task Quartz_of_another_installation_is_refused_untouched()
    {
        var database = await postgres.CreateDatabaseAsync();
        var before = await InventoryAsync(database);
        var problem = Assert.Single(
            (await Assert.ThrowsAsync<SettingsException>(() => Installation.MigrateAsync(database, schema: "talks"))).Problems
        );
        Assert.StartsWith(
            "QuartzSchema is 'quartz': it belongs to the installation whose Schema is 'reminders'",
            problem,
            StringComparison.Ordinal
        );
        Assert.Equal(before, await InventoryAsync(database));
    }

    [Fact]
    public async Task Empty_ones_and_those_that_lost_a_part_are_ours()
    {
        var empty = await postgres.CreateEmptyDatabaseAsync();
        await Installation.ExecuteAsync(empty, "CREATE SCHEMA reminders; CREATE SCHEMA quartz");
        await Installation.MigrateAsync(empty);
        await Installation.ExecuteAsync(empty, "DROP TABLE quartz.qrtz_triggers CASCADE; DROP VIEW IF EXISTS quartz.due CASCADE");
        await Installation.MigrateAsync(empty);
        await Installation.ExecuteAsync(empty, "DROP SCHEMA reminders CASCADE");
        await Installation.MigrateAsync(empty);
        await Installation.ExecuteAsync(empty, "DROP SCHEMA quartz CASCADE");
        await Installation.MigrateAsync(empty);
        Assert.True(
            await Installation.ScalarAsync<bool>(
                empty,
                "SELECT to_regclass('quartz.due') IS NOT NULL AND to_regclass('reminders.outbox') IS NOT NULL"
            )
        );
    }

    private static Task<string> InventoryAsync(string database) =>
        Installation.ScalarAsync<string>(
            database,
            """
            SELECT concat_ws(' / ',
                (SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_'),
                (SELECT string_agg(c.oid::regclass::text || coalesce(pg_get_viewdef(c.oid), ''), ',' ORDER BY c.oid) FROM pg_class c
                 JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname !~ '^(pg_|information)' AND relkind IN ('r', 'v')))
            """
        );
}
