using Npgsql;
using Reminders.Cli.Dedupe;
using Reminders.Integration.Tests.Dedupe;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Poolers;

namespace Reminders.Integration.Tests.Poolers;

/// <summary>
/// What an operator runs meets the same pooler as a node. On a session that is another one for each transaction a lock stays
/// behind, a temporary table is gone, and what is set for a session is set for strangers: so nothing runs there, in one line.
/// </summary>
public sealed class CommandsThroughPgBouncer(Postgres postgres)
{
    public static TheoryData<string> All =>
        [
            "migrate",
            "doctor",
            "doctor --sql",
            "bookings show 0197a5a0-0000-7000-8000-000000000000",
            "outbox list",
            "channels list",
            "keys list",
            "audit list",
            "explain 0197a5a0-0000-7000-8000-000000000000",
            "people export anna",
            "dedupe --table t --keys a",
            "dedupe --table t --undo",
        ];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_pooler_in_transaction_mode_that_was_not_said_is_refused_in_one_line(string command)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var bouncer = await LocalPgBouncer.StartAsync([database], "transaction", ct: TestContext.Current.CancellationToken);
        var run = await CommandLine.RunAsync(bouncer.Through(database), command.Split(' '));
        var line = Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("setting ", line, StringComparison.Ordinal);
        Assert.Contains("a pooler in transaction mode answers", line, StringComparison.Ordinal);
        Assert.Equal(0, await LeftAsync(database));
    }

    [Fact]
    public async Task Dedupe_works_on_a_pool_in_session_mode()
    {
        var connectionString = await postgres.CreateEmptyDatabaseAsync();
        await using var bouncer = await LocalPgBouncer.StartAsync([connectionString], "session", ct: TestContext.Current.CancellationToken);
        await using var old = new OldDatabase(bouncer.Through(connectionString));
        await old.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x'), (2, 'x'), (3, 'y')");
        Assert.Equal(1, Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("t", ["a"]))).Moved);
    }

    /// <summary>Where the settings name a way past the pooler, that is the one it takes.</summary>
    [Fact]
    public async Task Dedupe_goes_past_the_pooler_where_the_settings_say_how()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await using var bouncer = await LocalPgBouncer.StartAsync([database], "transaction", ct: TestContext.Current.CancellationToken);
        await using (var source = NpgsqlDataSource.Create(database + ";Pooling=false"))
        await using (
            var create = source.CreateCommand("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x'), (2, 'x')")
        )
        {
            await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var run = await CommandLine.RunAsync(
            bouncer.Through(database),
            new Dictionary<string, string> { ["Pooling"] = "Transaction", ["DirectConnectionString"] = database },
            "dedupe",
            "--table",
            "t",
            "--keys",
            "a",
            "--apply"
        );
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("public.t_a_unique stands", run.Output, StringComparison.Ordinal);
    }

    // Locks of a session, and settings that would have gone to the next client.
    private static async Task<long> LeftAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var count = source.CreateCommand(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE "
                + "datname = current_database())"
        );
        return (long)(await count.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
