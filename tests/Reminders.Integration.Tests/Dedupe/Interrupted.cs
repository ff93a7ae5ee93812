using Reminders.Cli.Dedupe;

namespace Reminders.Integration.Tests.Dedupe;

/// <summary>However a run ends, the next one goes on from there.</summary>
public sealed class Interrupted(Postgres postgres)
{
    private static readonly DedupeSettings ByWamid = new("message", ["wamid"], Batch: 20);

    [Fact]
    public async Task A_run_that_is_stopped_between_two_batches_is_taken_up_by_the_next()
    {
        await using var old = await OldDatabase.WithMessagesAsync(postgres, 300);
        using var stop = new CancellationTokenSource();
        var watcher = new Watcher(moved: done =>
        {
            if (done >= 100)
            {
                stop.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => old.ApplyAsync(ByWamid, watcher, stop.Token));
        Assert.InRange(await old.ReadAsync<long>("SELECT count(*) FROM message_duplicates"), 100, 200);
        await AssertAllThereAsync(old, 600);

        var done = Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(ByWamid));
        Assert.InRange(done.Moved, 100, 200);
        await AssertAllThereAsync(old, 600);
        Assert.Equal(300, await old.ReadAsync<long>("SELECT count(*) FROM message"));
        // Not its list: a session's temporary table goes a moment after the session.
        Assert.Equal(0, await old.ReadAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE '%dedupe%' AND relpersistence <> 't'"));
    }

    [Fact]
    public async Task A_run_whose_session_is_killed_is_taken_up_by_the_next()
    {
        await using var old = await OldDatabase.WithMessagesAsync(postgres, 300);
        var killed = false;
        var watcher = new Watcher(moved: done =>
        {
            if (done >= 100 && !killed)
            {
                old.ExecuteAsync(
                        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'reminders "
                            + "dedupe' AND datname = current_database()"
                    )
                    .GetAwaiter()
                    .GetResult();
            }

            killed |= done >= 100;
        });

        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => old.ApplyAsync(ByWamid, watcher, TestContext.Current.CancellationToken));
        await AssertAllThereAsync(old, 600);

        Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(ByWamid));
        await AssertAllThereAsync(old, 600);
        Assert.Equal(300, await old.ReadAsync<long>("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task What_a_run_that_was_killed_at_its_very_end_left_standing_is_taken_down_by_the_next()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE t (id int PRIMARY KEY, a int);
            CREATE UNIQUE INDEX t_a_unique ON t (a);
            CREATE INDEX t_a_dedupe ON t (a);
            CREATE FUNCTION t_dedupe_guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER t_dedupe_guard BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION t_dedupe_guard();
            """
        );

        Assert.IsType<DedupeOutcome.NothingToDo>(await old.ApplyAsync(new("t", ["a"])));

        Assert.Equal(
            0,
            await old.ReadAsync<long>(
                "SELECT (SELECT count(*) FROM pg_trigger) + (SELECT count(*) FROM pg_class WHERE relname = 't_a_dedupe') + "
                    + "(SELECT count(*) FROM pg_proc WHERE proname = 't_dedupe_guard')"
            )
        );
    }

    /// <summary>What a build that failed in its last phase leaves, set by hand: it cannot be made to fail there at will.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_invalid_index_is_kept_if_it_already_enforces_and_replaced_if_not(bool ready)
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE t (id int PRIMARY KEY, a int);
            CREATE UNIQUE INDEX t_a_unique ON t (a);
            COMMENT ON INDEX t_a_unique IS 'the first';
            """
        );
        await SetAsync(nowReady: false);
        await old.ExecuteAsync("INSERT INTO t VALUES (1, 1), (2, 1)");
        await SetAsync(ready);

        var done = Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("t", ["a"])));

        Assert.Equal((1, 1), (done.Moved, done.Attempts));
        Assert.Equal(
            1,
            await old.ReadAsync<long>(
                "SELECT count(*) FROM pg_index WHERE indexrelid = 't_a_unique'::regclass AND indisvalid AND indisunique"
            )
        );
        // A rebuilt index keeps its comment, a new one says whose it is.
        Assert.Equal(
            ready ? "the first" : UniqueIndex.Mark,
            await old.ReadAsync<string>("SELECT coalesce(obj_description('t_a_unique'::regclass), '')")
        );

        Task SetAsync(bool nowReady) =>
            old.ExecuteAsync(
                $"""
                SET allow_system_table_mods = on;
                UPDATE pg_index SET indisvalid = false, indisready = {nowReady} WHERE indexrelid = 't_a_unique'::regclass;
                RESET allow_system_table_mods;
                """
            );
    }

    private static async Task AssertAllThereAsync(OldDatabase old, long rows) =>
        Assert.Equal(
            (rows, rows),
            (
                await old.ReadAsync<long>(
                    "SELECT count(*) FROM (SELECT id FROM message UNION ALL SELECT id FROM message_duplicates) every"
                ),
                await old.ReadAsync<long>(
                    "SELECT count(DISTINCT id) FROM (SELECT id FROM message UNION ALL SELECT id FROM message_duplicates) every"
                )
            )
        );
}
