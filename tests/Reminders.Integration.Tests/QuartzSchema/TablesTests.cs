using Quartz;

namespace Reminders.Integration.Tests.QuartzSchema;

/// <summary>Quartz's tables are Quartz's to define: our script may differ in its words, never in what it makes.</summary>
public sealed class TablesTests(Postgres postgres)
{
    [Fact]
    public async Task Our_script_makes_what_Quartz_itself_provisions()
    {
        var quartz = await ProvisionedByQuartzAsync();
        var ours = await postgres.CreateEmptyDatabaseAsync();
        await Scripts.ApplyAsync(ours, "tables");

        var theirs = await Catalog.OfAsync(quartz);
        Assert.Equal(15, theirs.Tables);
        Assert.Empty((await Catalog.OfAsync(ours)).DifferencesFrom(theirs));
    }

    [Fact]
    public async Task Each_kind_of_difference_would_be_listed_by_name()
    {
        var theirs = await Catalog.OfAsync(await ProvisionedByQuartzAsync());
        var ours = await postgres.CreateEmptyDatabaseAsync();
        await Scripts.ApplyAsync(ours, "tables");
        await Scripts.ExecuteAsync(
            ours,
            """
            DROP INDEX quartz.idx_qrtz_t_c;
            DROP TABLE quartz.qrtz_calendars;
            ALTER TABLE quartz.qrtz_triggers ALTER priority TYPE bigint, ALTER preferred_node_auto DROP DEFAULT, ADD extra text;
            ALTER TABLE quartz.qrtz_locks DROP CONSTRAINT qrtz_locks_pkey;
            """
        );

        var listed = string.Join('\n', (await Catalog.OfAsync(ours)).DifferencesFrom(theirs));
        Assert.Contains("we lack: index idx_qrtz_t_c", listed);
        Assert.Contains("we lack: table qrtz_calendars", listed);
        Assert.Contains("column qrtz_triggers.priority: Quartz has 'integer', we have 'bigint'", listed);
        Assert.Contains(
            "column qrtz_triggers.preferred_node_auto: Quartz has 'boolean not null default false', we have 'boolean not null'",
            listed
        );
        Assert.Contains("Quartz lacks: column qrtz_triggers.extra", listed);
        Assert.Contains("we lack: constraint on qrtz_locks: PRIMARY KEY (sched_name, lock_name)", listed);
    }

    [Fact]
    public async Task Applied_again_it_changes_nothing_and_keeps_every_row()
    {
        const string tables =
            "SELECT oid, relfilenode, relname FROM pg_class WHERE relnamespace = 'quartz'::regnamespace AND relkind IN ('r', "
            + "'i') ORDER BY oid";
        const string rows =
            "SELECT t.trigger_name, t.next_fire_time, s.repeat_count FROM quartz.qrtz_triggers t JOIN "
            + "quartz.qrtz_simple_triggers s USING (sched_name, trigger_name, trigger_group)";
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Scripts.ApplyAsync(database, "tables", "views");
        await using (var node = await Node.StartAsync(database, SchemaProvisioning.Validate))
        {
            await node.ScheduleAsync("CONFIRM_2H", TimeProvider.System.GetUtcNow().AddHours(1));
        }

        var before = (Tables: await Scripts.AskAsync(database, tables), Rows: await Scripts.AskAsync(database, rows));
        Assert.Single(before.Rows);

        await Scripts.ApplyAsync(database, "tables", "views");

        Assert.Equal(before.Tables, await Scripts.AskAsync(database, tables));
        Assert.Equal(before.Rows, await Scripts.AskAsync(database, rows));
    }

    [Fact]
    public async Task A_scheduler_that_validates_refuses_an_empty_database_and_starts_on_ours()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Assert.ThrowsAnyAsync<SchedulerException>(() => Node.StartAsync(database, SchemaProvisioning.Validate));

        await Scripts.ApplyAsync(database, "tables");
        await using var node = await Node.StartAsync(database, SchemaProvisioning.Validate);
        Assert.Equal(SchedulerStatus.Running, node.Scheduler.Status);
    }

    private async Task<string> ProvisionedByQuartzAsync()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        // The one thing Quartz does not make.
        await Scripts.ExecuteAsync(database, "CREATE SCHEMA quartz");
        await using (await Node.StartAsync(database, SchemaProvisioning.CreateIfMissing)) { }
        return database;
    }
}
