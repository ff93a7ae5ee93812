using System.Diagnostics;
using Quartz;

namespace Reminders.Integration.Tests.QuartzSchema;

/// <summary>The views say in words and timestamps what Quartz's rows say in ticks and numbers.</summary>
public sealed class ViewsTests(Postgres postgres)
{
    // Whole seconds, as the engine's due seconds are.
    private static readonly DateTimeOffset Soon = DateTimeOffset.FromUnixTimeSeconds(
        TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds()
    );

    [Theory]
    [InlineData(621355968000000000, "1970-01-01 00:00:00+00")]
    [InlineData(639308574286279616, "2026-11-21 11:30:28.627962+00")]
    [InlineData(0, "0001-01-01 00:00:00+00")]
    public async Task Ticks_read_as_instants(long ticks, string expected)
    {
        var database = await CreateAsync();
        Assert.Equal([expected], await Scripts.AskAsync(database, $"SELECT quartz.from_ticks({ticks})::text"));
    }

    [Theory]
    [InlineData("CONFIRM_2H@2026-03-01T12:34:56Z", "2026-03-01 12:34:56+00")]
    [InlineData("A@B@2026-03-01T12:34:56Z", "2026-03-01 12:34:56+00")]
    [InlineData("recover_node-a_1", "null")]
    public async Task A_triggers_due_second_is_read_from_its_name(string name, string expected)
    {
        var database = await CreateAsync();
        Assert.Equal([expected], await Scripts.AskAsync(database, $"SELECT quartz.due_second('{name}')::text"));
    }

    [Fact]
    public async Task A_running_node_its_triggers_and_what_waits_for_them_are_seen()
    {
        var database = await CreateAsync();
        await Scripts.ExecuteAsync(
            database,
            $"""
            INSERT INTO reminders.occurrence (kind, due_at, state)
            VALUES ('CONFIRM_2H', '{Soon:O}', 'planned'), ('CONFIRM_2H', '{Soon.AddMilliseconds(-400):O}', 'planned'),
                   ('CONFIRM_2H', '{Soon:O}', 'cancelled'), ('NO_ANSWER_1H', '{Soon:O}', 'planned'),
                   ('CONFIRM_2H', '{Soon.AddSeconds(1):O}', 'planned');
            """
        );
        await using var node = await Node.StartAsync(database, SchemaProvisioning.Validate);
        await node.ScheduleAsync("CONFIRM_2H", Soon);

        Assert.Equal(
            ["CONFIRM_2H | waiting | True | 2 | True"],
            await Scripts.AskAsync(
                database,
                $"SELECT kind, state, due_second = '{Soon:O}' AND next_fire_at = due_second, waiting, late_by < interval "
                    + "'-50 minutes' FROM quartz.due"
            )
        );
        Assert.Equal(
            ["CONFIRM_2H | 1 | 1", "NO_ANSWER_1H | 1 | 0"],
            await Scripts.AskAsync(
                database,
                $"SELECT kind, waiting, extract(epoch FROM due_second - '{Soon:O}')::integer FROM quartz.untriggered ORDER BY kind"
            )
        );
        Assert.Equal(
            ["True | 0 | False"],
            await Scripts.AskAsync(database, "SELECT fires_when_missed, retry_attempt, is_recovery FROM quartz.triggers")
        );
        Assert.Equal(
            ["node-a | False | True | 0"],
            await Scripts.AskAsync(
                database,
                "SELECT node, is_overdue, silent_for BETWEEN interval '-1 second' AND checks_in_every, firings FROM quartz.nodes"
            )
        );
    }

    [Fact]
    public async Task A_firing_is_seen_while_it_runs_and_its_run_and_misfire_afterwards()
    {
        var database = await CreateAsync();
        await using var node = await Node.StartAsync(database, SchemaProvisioning.Validate);
        // Past the misfire threshold of a minute: it fires at the next misfire pass.
        await node.ScheduleAsync("CONFIRM_2H", Soon.AddHours(-3));

        await EventuallyAsync(
            database,
            "SELECT kind, state, node, recovers FROM quartz.firings WHERE state = 'executing'",
            ["CONFIRM_2H | executing | node-a | True"]
        );
        node.LetJobsEnd();
        await EventuallyAsync(
            database,
            "SELECT kind, result, node, took BETWEEN interval '90 ms' AND interval '20 s' FROM quartz.runs",
            ["CONFIRM_2H | succeeded | node-a | True"]
        );
        Assert.Equal(
            ["CONFIRM_2H | missed | True | True"],
            await Scripts.AskAsync(
                database,
                "SELECT kind, reason, scheduled_at = due_second, late_by BETWEEN interval '115 min' AND interval '125 min' "
                    + "FROM quartz.misfires"
            )
        );
    }

    private async Task<string> CreateAsync()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Scripts.ApplyAsync(database, "tables", "views");
        // What the views read of the engine's ledger, and no more.
        await Scripts.ExecuteAsync(
            database,
            "CREATE SCHEMA reminders; CREATE TABLE reminders.occurrence (kind text NOT NULL, due_at timestamptz NOT NULL, "
                + "state text NOT NULL)"
        );
        await Scripts.ApplyAsync(database, "engine-views");
        return database;
    }

    private static async Task EventuallyAsync(string database, string sql, string[] expected)
    {
        var started = Stopwatch.GetTimestamp();
        var seen = await Scripts.AskAsync(database, sql);
        while (!seen.SequenceEqual(expected) && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30))
        {
            seen = await Scripts.AskAsync(database, sql);
        }

        Assert.Equal(expected, seen);
    }
}
