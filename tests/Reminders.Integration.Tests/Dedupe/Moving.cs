using Reminders.Cli.Dedupe;

namespace Reminders.Integration.Tests.Dedupe;

/// <summary>Which row stays, which go, and that what goes is all there.</summary>
public sealed class Moving(Postgres postgres)
{
    private static readonly DedupeSettings ByWamid = new("message", ["wamid"]);

    [Fact]
    public async Task A_dry_run_shows_the_groups_and_what_would_be_kept_and_writes_nothing()
    {
        await using var old = await OldDatabase.WithMessagesAsync(postgres, 90);
        var (before, catalogue) = (await old.ReadAsync<string>(Rows), await old.ReadAsync<long>(Relations));
        DuplicateSurvey? survey = null;
        DedupeTable? table = null;

        Assert.Null(await old.DryRunAsync(ByWamid, (found, seen) => (table, survey) = (found, seen)));

        Assert.Equal((180L, 60L, 90L, 0L), (survey!.Rows, survey.Groups, survey.ToMove, survey.NullKeys));
        Assert.Equal(20, survey.Largest.Count);
        Assert.All(survey.Largest, group => Assert.Equal(3, group.Copies));
        Assert.Contains(survey.Largest, group => group.Keys[0] == "w11" && group.Kept == """{"id": 11}""");
        Assert.Contains("by created_at, the only column", table!.OrderReason, StringComparison.Ordinal);
        Assert.Equal(before, await old.ReadAsync<string>(Rows));
        Assert.Equal(catalogue, await old.ReadAsync<long>(Relations));
    }

    [Theory]
    [InlineData(nameof(Keep.Oldest), "copy 1")]
    [InlineData(nameof(Keep.Newest), "copy 3")]
    public async Task It_keeps_the_oldest_or_the_newest_and_archives_the_others_with_the_kept_ones_key(string keep, string kept)
    {
        await using var old = await OldDatabase.WithMessagesAsync(postgres, 90);

        var done = Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(ByWamid with { Keep = Enum.Parse<Keep>(keep), Batch = 7 }));

        Assert.Equal((90, "public.message_wamid_unique"), (done.Moved, done.Index));
        Assert.Equal(90, await old.ReadAsync<long>("SELECT count(DISTINCT wamid) FROM message"));
        Assert.Equal(
            30,
            await old.ReadAsync<long>($"SELECT count(*) FROM message WHERE substr(wamid, 2)::int % 3 = 2 AND body = '{kept}'")
        );
        Assert.Equal(
            90,
            await old.ReadAsync<long>(
                """
                SELECT count(*) FROM message_duplicates d JOIN message m ON m.id = (d.kept_key ->> 'id')::bigint AND m.wamid = d.wamid
                WHERE d.archived_at > d.created_at AND d.id <> m.id
                """
            )
        );
        Assert.Equal(
            180,
            await old.ReadAsync<long>(
                "SELECT count(DISTINCT id) FROM (SELECT id FROM message UNION ALL SELECT id FROM message_duplicates) every"
            )
        );
        Assert.Equal(0, await old.ReadAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE '%dedupe%' AND relpersistence <> 't'"));
        Assert.IsType<DedupeOutcome.NothingToDo>(await old.ApplyAsync(ByWamid));
    }

    [Fact]
    public async Task Rows_with_a_NULL_in_a_key_are_counted_and_left_alone()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE item (id int PRIMARY KEY, who text, what text);
            INSERT INTO item VALUES (1, 'a', 'x'), (2, 'a', 'x'), (3, 'a', NULL), (4, 'a', NULL), (5, NULL, NULL), (6, NULL, NULL);
            """
        );
        DuplicateSurvey? survey = null;
        await old.DryRunAsync(new("item", ["who,what"]), (_, seen) => survey = seen);

        Assert.Equal(1, Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("item", ["who,what"]))).Moved);

        Assert.Equal((1L, 1L, 4L), (survey!.Groups, survey.ToMove, survey.NullKeys));
        Assert.Equal("1,3,4,5,6", await old.ReadAsync<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM item"));
    }

    [Fact]
    public async Task Names_that_are_statements_are_only_names()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE SCHEMA "Shop.A";
            CREATE TABLE "Shop.A"."Order" ("a""; DROP TABLE x; --" text, "b, 'c'" int, kept text, "key_1" text, at timestamptz, place int);
            INSERT INTO "Shop.A"."Order" VALUES ('v', 1, 'k', 'y', '2026-01-02', 1), ('v', 1, 'k', 'z', '2026-01-01', 2), ('v', 2, 'k',
                'z', NULL, 3), ('v', 2, 'k', 'z', '2026-01-01', 4);
            CREATE TABLE x (n int);
            """
        );
        var settings = new DedupeSettings("""Shop.A.Order""", ["a\"; DROP TABLE x; --", "b, 'c'"]) { Order = "at" };

        Assert.Equal(2, Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(settings)).Moved);

        Assert.Equal("2,4", await old.ReadAsync<string>("""SELECT string_agg(place::text, ',' ORDER BY place) FROM "Shop.A"."Order" """));
        Assert.Equal(
            "1,3",
            await old.ReadAsync<string>("""SELECT string_agg(place::text, ',' ORDER BY place) FROM "Shop.A"."Order_duplicates" """)
        );
        Assert.Equal(0, await old.ReadAsync<long>("SELECT count(*) FROM x"));
    }

    private const string Rows = "SELECT md5(string_agg(m::text || ctid || xmax, ',' ORDER BY id)) FROM message m";
    private const string Relations = "SELECT count(*) FROM pg_class";
}
