using System.Text.Json.Nodes;
using Npgsql;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;
using Reminders.People;
using Reminders.Zones;

namespace Reminders.Integration.Tests.Notifications;

/// <summary>What ten thousand recipients cost grows with their number, not with its square: counted by the rows a plan throws
/// away.</summary>
public sealed class LargeGroups(Postgres postgres)
{
    private const int People = 3000;

    private static readonly string[] References = [.. Enumerable.Range(1, People).Select(n => $"u{n}")];

    [Fact]
    public async Task No_plan_holds_a_group_against_itself_row_by_row()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await cluster.KeepPeopleAsync(People);
        var asked = await cluster.AskAsync(Asking.Customer("c1", References) with { DelaySeconds = 3600 });
        Assert.Equal(People, asked.Planned);
        Assert.Equal(People, (await cluster.AskAsync(Asking.Customer("c1", References) with { DelaySeconds = 3600 })).Suppressed);

        await using var connection = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        // As the engine's sessions have it, and without statistics, as on the day a group was written.
        await RunAsync(connection, "SET plan_cache_mode = force_generic_plan");
        var ids = $"'{{{string.Join(',', await IdsAsync(connection))}}}'";
        var ones = $"'{{{string.Join(',', Enumerable.Repeat(1, People))}}}'";
        var twos = $"'{{{string.Join(',', Enumerable.Repeat(2, People))}}}'";
        var subject = (long)(await ScalarAsync(connection, "SELECT id FROM reminders.subject WHERE key = 'c1'"))!;
        var nulls = $"'{{{string.Join(',', Enumerable.Repeat("NULL", People))}}}'";
        await AssertLinearAsync(
            connection,
            NotificationLedger.CountSuppressed,
            "text, bigint, bigint[], integer[], text, text",
            $"'CUSTOMER_CREATED', {subject}, {ids}, {ones}, 'r', 'by'"
        );
        await AssertLinearAsync(
            connection,
            KeepRecipientsHandler.ChangeSettings,
            "bigint[], text[], text[], time[], time[]",
            $"{ids}, {nulls.Replace("NULL", "de", StringComparison.Ordinal)}, {nulls}, {nulls}, {nulls}"
        );
        await RunAsync(connection, "SET enable_nestloop = off");
        await AssertLinearAsync(
            connection,
            NotificationLedger.SupersedeEach,
            "bigint, text, bigint[], integer[]",
            $"{subject}, 'CUSTOMER_CREATED', {ids}, {twos}"
        );
    }

    [Fact]
    public async Task A_large_group_whose_window_is_armed_again_takes_the_older_back()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await cluster.KeepPeopleAsync(50);
        // The plan that was counted above is the engine's only where the engine asks for it.
        await cluster.ExecuteAsync(
            """
            CREATE TABLE asked (nestloop text);
            CREATE FUNCTION ask() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO asked
                VALUES (current_setting('enable_nestloop')); RETURN NULL; END $$;
            CREATE TRIGGER ask AFTER UPDATE OF superseded_by ON reminders.occurrence FOR EACH STATEMENT EXECUTE FUNCTION ask()
            """
        );
        string[] people = [.. References.Take(50)];
        await cluster.AskAsync(Asking.Cart("cart", "a", people) with { DelaySeconds = 3600 });
        Assert.Equal(50, (await cluster.AskAsync(Asking.Cart("cart", "b", people) with { DelaySeconds = 3600 })).Planned);
        Assert.Equal(50L, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE superseded_by IS NOT NULL"));
        Assert.Equal("off", await cluster.ScalarAsync<string>("SELECT string_agg(DISTINCT nestloop, ' ') FROM asked"));
    }

    [Fact]
    public async Task What_is_left_out_of_known_people_stays_as_it_is()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        var hours = new QuietHours(new(22, 0), new(8, 0));
        await KeepAsync(new RecipientDraft("a", "A", "de", "Europe/Berlin", QuietHours: hours), new RecipientDraft("b", "B"));
        await KeepAsync(
            new RecipientDraft("a", "A2"),
            new RecipientDraft("b", "B2", "ru"),
            new RecipientDraft("c", "C", QuietHours: hours)
        );
        Assert.Equal("A2 de Europe/Berlin 22:00:00,B2 ru UTC -,C en UTC 22:00:00", await LinesAsync());
        await KeepAsync(new RecipientDraft("a", "A2", Zone: "Europe/Moscow", QuietHours: new(new(1, 0), new(1, 0))));
        Assert.StartsWith("A2 de Europe/Moscow -,", await LinesAsync(), StringComparison.Ordinal);

        async Task KeepAsync(params RecipientDraft[] people) =>
            Assert.IsType<Outcome<RecipientsKept>.Done>(await cluster.SendAsync(new KeepRecipients(people)));
        Task<string> LinesAsync() =>
            cluster.ScalarAsync<string>(
                "SELECT string_agg(name || ' ' || locale || ' ' || zone || ' ' || coalesce(quiet_from::text, '-'), "
                    + "',' ORDER "
                    + "BY reference) FROM reminders.recipient WHERE length(reference) = 1"
            );
    }

    private static async Task AssertLinearAsync(NpgsqlConnection connection, string sql, string types, string values)
    {
        await RunAsync(connection, $"PREPARE q ({types}) AS {sql}");
        var plan = JsonNode.Parse((string)(await ScalarAsync(connection, $"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE q ({values})"))!)!;
        await RunAsync(connection, "DEALLOCATE q");
        var removed = Removed(plan[0]!["Plan"]!);
        Assert.True(removed < 10 * People, $"{removed} rows were thrown away by: {plan.ToJsonString()}");
    }

    private static double Removed(JsonNode plan) =>
        plan.AsObject().Where(field => field.Key.StartsWith("Rows Removed by", StringComparison.Ordinal)).Sum(field => (double)field.Value!)
            * (double)plan["Actual Loops"]!
        + (plan["Plans"]?.AsArray().Sum(part => Removed(part!)) ?? 0);

    private static async Task<List<long>> IdsAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT id FROM reminders.recipient", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var ids = new List<long>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
