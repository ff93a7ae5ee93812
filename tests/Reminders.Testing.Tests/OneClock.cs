using Npgsql;
using Reminders.Bookings;

namespace Reminders.Testing.Tests;

/// <summary>Every time that the engine reads or writes comes from the clock that a test advances.</summary>
public sealed class OneClock
{
    [Fact]
    public async Task Every_time_in_every_table_is_the_tests_own()
    {
        await using var app = await HiringApp.StartAsync();
        var start = HiringApp.Monday.AddDays(1);
        var booking = await app.ApproveAsync(start);
        await app.AdvanceToAsync(start.AddMinutes(-90));
        await app.PressAsync(app.AssertSent("CONFIRM_2H"), "confirm");
        await app.DoAsync(new MoveBooking(booking.Id, start.AddDays(1)));
        await app.AdvanceAsync(TimeSpan.FromDays(2));

        var seen = new List<string>();
        foreach (var (table, column) in await PairsAsync(app, Columns))
        {
            // Of the schema's making, once for all tests.
            if (table is "migration" or "link_key")
            {
                continue;
            }

            var earliest = await PairsAsync(
                app,
                $"SELECT '{table}.{column}', to_char(min({column}) AT TIME ZONE 'UTC', 'YYYY-MM-DD') "
                    + $"FROM reminders.{table} HAVING count({column}) > 0"
            );
            seen.AddRange(earliest.Select(found => $"{found.Item1} {found.Item2}"));
        }

        Assert.True(seen.Count > 15, $"Only these had a time in them: {string.Join(", ", seen)}");
        Assert.DoesNotContain(seen, time => string.CompareOrdinal(time.Split(' ')[1], "2031-03-24") < 0);
    }

    [Fact]
    public async Task Every_default_asks_it()
    {
        await using var app = await HiringApp.StartAsync();
        var defaults = await PairsAsync(app, Defaults);
        Assert.True(defaults.Count > 20, $"{defaults.Count} defaults");
        Assert.All(defaults, one => Assert.Contains("shifted_clock.", one.Item2, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_app_creates_without_a_schema_is_in_public()
    {
        await using var app = await HiringApp.StartAsync();
        await PairsAsync(app, "CREATE TABLE slot (id int, made_at timestamptz DEFAULT now())");
        await PairsAsync(app, "INSERT INTO public.slot (id) VALUES (1)");
        var made = Assert.Single(await PairsAsync(app, "SELECT 'slot', to_char(made_at, 'YYYY') FROM slot"));
        Assert.Equal("2031", made.Item2);
    }

    private const string Columns = """
        SELECT table_name::text, column_name::text FROM information_schema.columns
        WHERE table_schema = 'reminders' AND data_type = 'timestamp with time zone'
          AND table_name IN (
              SELECT table_name FROM information_schema.tables WHERE table_schema = 'reminders' AND table_type = 'BASE TABLE')
        """;

    private const string Defaults = """
        SELECT t.relname::text, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attrdef d JOIN pg_class t ON t.oid = d.adrelid
        WHERE t.relnamespace IN ('reminders'::regnamespace, 'quartz'::regnamespace)
          AND pg_get_expr(d.adbin, d.adrelid) ~ '(now|clock_timestamp)\('
        """;

    private static async Task<IReadOnlyList<(string, string)>> PairsAsync(ReminderTestHost app, string sql)
    {
        await using var connection = new NpgsqlConnection(app.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        // pg_get_expr leaves out a schema that is on the path.
        await using var command = new NpgsqlCommand(
            sql.StartsWith("SELECT t.", StringComparison.Ordinal) ? $"SET search_path = ''; {sql}" : sql,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var pairs = new List<(string, string)>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            pairs.Add((reader.GetString(0), reader.GetString(1)));
        }

        return pairs;
    }
}
