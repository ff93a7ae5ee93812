using Reminders.Cli.Dedupe;

namespace Reminders.Integration.Tests.Dedupe;

/// <summary>What it will not do, and that it says so before it has done anything.</summary>
public sealed class Refusing(Postgres postgres)
{
    [Theory]
    [InlineData("NO ACTION")]
    [InlineData("CASCADE")]
    [InlineData("SET NULL")]
    public async Task A_duplicate_that_a_foreign_key_points_at_is_not_moved(string onDelete)
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            $"""
            CREATE TABLE message (id int PRIMARY KEY, wamid text);
            CREATE TABLE reply (id int PRIMARY KEY, message_id int REFERENCES message ON DELETE {onDelete});
            INSERT INTO message VALUES (1, 'a'), (2, 'a'), (3, 'b'), (4, 'b');
            INSERT INTO reply VALUES (1, 2), (2, 3);
            """
        );

        var refused = Assert.IsType<DedupeOutcome.Refused>(await old.ApplyAsync(new("message", ["wamid"])));

        Assert.Contains(
            "1 rows that would be moved are referenced by public.reply (foreign key reply_message_id_fkey",
            refused.Why,
            StringComparison.Ordinal
        );
        Assert.Equal(
            (4, 2),
            (await old.ReadAsync<long>("SELECT count(*) FROM message"), await old.ReadAsync<long>("SELECT count(message_id) FROM reply"))
        );
        Assert.Equal(
            0,
            await old.ReadAsync<long>(
                "SELECT count(*) FROM pg_class WHERE (relname LIKE 'message%dup%' OR relname LIKE '%dedupe%') AND relpersistence <> 't'"
            )
        );

        await old.ExecuteAsync("UPDATE reply SET message_id = 1 WHERE id = 1");
        Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("message", ["wamid"])));
        Assert.Equal(2, await old.ReadAsync<long>("SELECT count(message_id) FROM reply"));
    }

    [Fact]
    public async Task A_reference_that_is_added_after_the_look_still_stops_its_row_from_being_moved()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE message (id int PRIMARY KEY, wamid text);
            CREATE TABLE reply (id int PRIMARY KEY, message_id int REFERENCES message ON DELETE CASCADE);
            INSERT INTO message VALUES (1, 'a'), (2, 'a'), (3, 'b'), (4, 'b');
            """
        );
        var added = false;
        var watcher = new Watcher(moved: _ =>
        {
            if (!added)
            {
                old.ExecuteAsync(
                        "INSERT INTO reply SELECT 1, max(id) FROM message WHERE wamid IN (SELECT wamid FROM message GROUP BY "
                            + "wamid HAVING count(*) > 1)"
                    )
                    .GetAwaiter()
                    .GetResult();
            }

            added = true;
        });

        var refused = Assert.IsType<DedupeOutcome.Refused>(
            await old.ApplyAsync(new("message", ["wamid"], Batch: 1), watcher, TestContext.Current.CancellationToken)
        );

        Assert.Contains("public.reply", refused.Why, StringComparison.Ordinal);
        Assert.Equal(1, await old.ReadAsync<long>("SELECT count(*) FROM reply"));
        Assert.Equal(3, await old.ReadAsync<long>("SELECT count(*) FROM message"));
    }

    [Theory]
    [InlineData("nowhere", "a", null, "There is no table 'nowhere' here.")]
    [InlineData("plain", "a", null, "There is no table 'plain' here. There is public.Plain.")]
    [InlineData("Plain", "a,z", null, "public.Plain has no column 'z'. It has: a, b.")]
    [InlineData("Plain", "a", "z", "public.Plain has no column 'z'. It has: a, b.")]
    [InlineData(
        "Plain",
        "a",
        null,
        "public.Plain has neither one of created_at, created, received_at, inserted_at nor a primary key, so nothing says "
            + "which row is the oldest: name a column with --order."
    )]
    [InlineData("seen", "a", null, "seen is a view: name the table it shows.")]
    [InlineData("parted", "a", null, "parted is partitioned: PostgreSQL cannot build its unique index without blocking writers.")]
    [InlineData("parent", "a", null, "parent is a partition or has inheriting tables: a unique index would not span them.")]
    [InlineData("Plain; DROP TABLE parent", "a", null, "There is no table 'Plain; DROP TABLE parent' here.")]
    public async Task What_is_not_there_or_cannot_be_is_said_by_name(string table, string keys, string? order, string why)
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE "Plain" (a int, b int);
            CREATE VIEW seen AS SELECT * FROM "Plain";
            CREATE TABLE parted (a int, created_at timestamptz) PARTITION BY RANGE (created_at);
            CREATE TABLE parent (a int PRIMARY KEY);
            CREATE TABLE child () INHERITS (parent);
            """
        );

        Assert.Equal(new DedupeOutcome.Refused(why), await old.ApplyAsync(new(table, [keys], Order: order)));
    }

    [Theory]
    [InlineData("CREATE UNIQUE INDEX u ON t (a, b)", true)]
    [InlineData("CREATE UNIQUE INDEX u ON t (b, a) INCLUDE (c)", true)]
    [InlineData("CREATE UNIQUE INDEX u ON t (b)", true)]
    [InlineData("CREATE UNIQUE INDEX u ON t (a, b, c)", false)]
    [InlineData("CREATE UNIQUE INDEX u ON t (a, b) WHERE c > 0", false)]
    [InlineData("CREATE UNIQUE INDEX u ON t (a, (b + 1))", false)]
    [InlineData("CREATE INDEX u ON t (a, b)", false)]
    public async Task Where_a_unique_index_sees_to_it_there_is_nothing_to_do(string index, bool enough)
    {
        await using var old = await OldDatabase.CreateAsync(postgres, $"CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int); {index}");
        Assert.Equal(enough, await old.DryRunAsync(new("t", ["a,b"])) is DedupeOutcome.NothingToDo);
    }

    [Fact]
    public async Task An_archive_that_cannot_hold_the_rows_is_refused_and_one_that_can_is_added_to()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE t (id int PRIMARY KEY, a int);
            CREATE TABLE t_duplicates (a text, id int, archived_at timestamptz, kept_key jsonb);
            INSERT INTO t VALUES (1, 1), (2, 1);
            """
        );
        var refused = Assert.IsType<DedupeOutcome.Refused>(await old.ApplyAsync(new("t", ["a"])));
        Assert.Contains("public.t_duplicates is there but lacks, or has with another type: a.", refused.Why, StringComparison.Ordinal);

        await old.ExecuteAsync("ALTER TABLE t_duplicates ALTER a TYPE int USING a::int");
        Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("t", ["a"])));
        Assert.Equal(2, await old.ReadAsync<int>("SELECT id FROM t_duplicates WHERE a = 1"));
    }
}
