using Npgsql;
using Reminders.Cli.Dedupe;

namespace Reminders.Integration.Tests.Dedupe;

/// <summary>What points at a duplicate is pointed at the kept row, NULLs may equal, nothing typed runs, and all of it can be
/// undone.</summary>
public sealed class ForeignKeysAndBack(Postgres postgres)
{
    private const string Messages = """
        CREATE TABLE message (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, wamid text, answers bigint REFERENCES message,
            body text, size int GENERATED ALWAYS AS (length(body)) STORED);
        CREATE TABLE reply (id int PRIMARY KEY, message_id bigint REFERENCES message ON DELETE CASCADE);
        CREATE TABLE mark (message_id bigint REFERENCES message ON DELETE SET NULL, colour text);
        INSERT INTO message (wamid, body) VALUES ('a', 'one'), ('a', 'two'), ('a', 'three'), ('b', 'four'), ('b', 'five');
        INSERT INTO message (wamid, body, answers) VALUES ('c', 'six', 2), ('c', 'seven', 5);
        INSERT INTO reply VALUES (1, 1), (2, 2), (3, 3), (4, 5), (5, 7);
        INSERT INTO mark VALUES (3, 'red'), (4, 'blue');
        """;

    private const string Pointing = """
        SELECT (SELECT string_agg(id || '>' || message_id, ' ' ORDER BY id) FROM reply) || ' | ' || (SELECT string_agg(colour || '>'
            || message_id, ' ' ORDER BY colour) FROM mark)
            || ' | ' || (SELECT string_agg(id || '>' || coalesce(answers::text, ''), ' ' ORDER BY id) FROM message)
        """;

    [Fact]
    public async Task What_points_at_a_duplicate_points_at_the_kept_row_and_back_again()
    {
        await using var old = await OldDatabase.CreateAsync(postgres, Messages);
        var before = await old.ReadAsync<string>("SELECT string_agg(m::text, ' ' ORDER BY id) FROM message m");
        Assert.Contains(
            "With --repoint",
            Assert.IsType<DedupeOutcome.Refused>(await old.ApplyAsync(new("message", ["wamid"]))).Why,
            StringComparison.Ordinal
        );

        var done = Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("message", ["wamid"], Batch: 2) { Repoint = true }));

        Assert.Equal(4, done.Moved);
        Assert.Equal("1>1 2>1 3>1 4>4 5>6 | blue>4 red>1 | 1> 4> 6>1", await old.ReadAsync<string>(Pointing));

        Assert.Null(await old.UndoAsync("message", apply: false));
        Assert.Equal(3, await old.ReadAsync<long>("SELECT count(*) FROM message"));
        var undone = Assert.IsType<DedupeOutcome.Undone>(await old.UndoAsync("message"));

        Assert.Equal((4, "message_wamid_unique"), (undone.Returned, Assert.Single(undone.Dropped)));
        Assert.Equal(before, await old.ReadAsync<string>("SELECT string_agg(m::text, ' ' ORDER BY id) FROM message m"));
        // A mark has no primary key, so nobody can say which of them it was.
        Assert.Equal(
            "1>1 2>2 3>3 4>5 5>7 | blue>4 red>1",
            (await old.ReadAsync<string>(Pointing)).Split(" | ") is [var reply, var mark, _] ? $"{reply} | {mark}" : ""
        );
        Assert.IsType<DedupeOutcome.NothingToDo>(await old.UndoAsync("message"));
        Assert.Equal(4, Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("message", ["wamid"]) { Repoint = true })).Moved);
    }

    [Fact]
    public async Task Pointing_rows_that_would_themselves_be_doubled_are_in_the_way_and_nothing_is_half_done()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE message (id int PRIMARY KEY, wamid text);
            CREATE TABLE seen (message_id int REFERENCES message, who text, PRIMARY KEY (message_id, who));
            INSERT INTO message VALUES (1, 'a'), (2, 'a');
            INSERT INTO seen VALUES (1, 'anna'), (2, 'anna');
            """
        );
        var refused = Assert.IsType<DedupeOutcome.Refused>(await old.ApplyAsync(new("message", ["wamid"]) { Repoint = true }));
        Assert.Contains("seen_pkey", refused.Why, StringComparison.Ordinal);
        Assert.Contains("Clean public.seen first", refused.Why, StringComparison.Ordinal);
        Assert.Equal(
            (2L, 2L),
            (
                await old.ReadAsync<long>("SELECT count(*) FROM message"),
                await old.ReadAsync<long>("SELECT count(DISTINCT message_id) FROM seen")
            )
        );
    }

    [Fact]
    public async Task What_cannot_go_back_stays_in_the_archive_and_is_named()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            "CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 1), (2, 1), (3, 1)"
        );
        await old.ApplyAsync(new("t", ["a"]));
        await old.ExecuteAsync("INSERT INTO t VALUES (3, 5)");
        Assert.Contains(
            "Key (id)=(3) already exists",
            Assert.IsType<DedupeOutcome.Refused>(await old.UndoAsync("t")).Why,
            StringComparison.Ordinal
        );
        Assert.Equal(4, await old.ReadAsync<long>("SELECT (SELECT count(*) FROM t) + (SELECT count(*) FROM t_duplicates)"));
    }

    [Fact]
    public async Task NULLs_in_a_part_of_the_key_may_equal_each_other()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE item (id int PRIMARY KEY, who text, what text);
            INSERT INTO item VALUES (1, 'a', 'x'), (2, 'a', 'x'), (3, 'a', NULL), (4, 'a', NULL), (5, NULL, NULL), (6, NULL, NULL), (7,
                NULL, 'x'), (8, '', NULL);
            """
        );
        var done = Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("item", ["who,what"]) { NullsEqual = true }));
        Assert.Equal(2, done.Moved);
        Assert.Equal("1,3,5,6,7,8", await old.ReadAsync<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM item"));
        Assert.Equal(
            PostgresErrorCodes.UniqueViolation,
            (await Assert.ThrowsAsync<PostgresException>(() => old.ExecuteAsync("INSERT INTO item VALUES (9, 'a', NULL)"))).SqlState
        );
        await old.ExecuteAsync("INSERT INTO item VALUES (10, NULL, NULL)");
    }

    [Theory]
    [InlineData("a) FROM t; DROP TABLE x; --", null, null)]
    [InlineData("a), (b", null, null)]
    [InlineData("(SELECT 1)", null, null)]
    [InlineData("random()", null, null)]
    [InlineData("nonsense(a)", null, null)]
    [InlineData("a", "true); DROP TABLE x; --", null)]
    [InlineData("a", "b > (SELECT max(n) FROM x)", null)]
    [InlineData("a", "now() > 'yesterday'", null)]
    [InlineData("a", "b", null)]
    [InlineData("a", null, "true) DESC, (SELECT 1")]
    public async Task What_is_no_expression_over_one_row_is_refused_in_PostgreSQLs_words(string key, string? where, string? prefer)
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            "CREATE TABLE t (id int PRIMARY KEY, a text, b int); CREATE TABLE x (n int); INSERT INTO t VALUES (1, 'v', 1), (2, 'v', 1)"
        );
        var refused = Assert.IsType<DedupeOutcome.Refused>(await old.ApplyAsync(new("t", [key]) { Where = where, Prefer = prefer }));
        Assert.Contains("cannot be used: ", refused.Why, StringComparison.Ordinal);
        Assert.Equal((2L, 0L), (await old.ReadAsync<long>("SELECT count(*) FROM t"), await old.ReadAsync<long>("SELECT count(*) FROM x")));
    }

    /// <summary>An operator of the table's own type, in a schema that the writer's path may not have.</summary>
    [Fact]
    public async Task The_guard_compares_as_the_index_does_on_a_path_of_its_own()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE SCHEMA own;
            CREATE FUNCTION own.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)';
            CREATE TABLE own.mail (id int PRIMARY KEY, address text);
            INSERT INTO own.mail VALUES (1, 'Anna@example.com'), (2, 'anna@example.com');
            """
        );
        PostgresException? rejected = null;
        var watcher = new Watcher(said: what =>
        {
            if (rejected is null && what.StartsWith("building", StringComparison.Ordinal))
            {
                rejected = Assert
                    .ThrowsAsync<PostgresException>(() =>
                        old.ExecuteAsync("SET search_path = pg_temp; INSERT INTO own.mail VALUES (3, 'ANNA@example.com')")
                    )
                    .GetAwaiter()
                    .GetResult();
            }
        });
        var done = Assert.IsType<DedupeOutcome.Done>(
            await old.ApplyAsync(
                new("own.mail", ["own.plain(address)"]) { AttemptsUnguarded = 0 },
                watcher,
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal((PostgresErrorCodes.UniqueViolation, done.Index!.Split('.')[1]), (rejected!.SqlState, rejected.ConstraintName));
        Assert.Equal(0, await old.ReadAsync<long>("SELECT count(*) FROM pg_proc WHERE proname LIKE '%dedupe%'"));
    }
}
