using Npgsql;
using Reminders.Storage;
using Reminders.Tallies;

namespace Reminders.Integration.Tests.Tallies;

/// <summary>What became of messages is counted: each once, whenever it ended, and whoever counts.</summary>
public sealed class Counting(Postgres postgres) : IAsyncLifetime
{
    private const string InMinutes =
        "SELECT coalesce(string_agg(outcome || ' ' || n, ', ' ORDER BY outcome), '') FROM (SELECT outcome, sum(count) AS n FROM "
        + "reminders.tally "
        + "WHERE size = 'minute' GROUP BY outcome HAVING sum(count) <> 0) x";

    private NpgsqlDataSource _source = null!;
    private Tally _tally = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        _tally = new(new Database(_source), null!, null!, null!, TimeProvider.System);
        await RunAsync(
            """
            INSERT INTO reminders.recipient (reference, name, locale, zone) VALUES ('p', 'Anna', 'en', 'UTC');
            INSERT INTO reminders.subject (type, key, status, created_by) VALUES ('booking', 'b', 'approved', 'test');
            """
        );
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task Each_is_counted_once_however_many_look_and_how_often()
    {
        await WriteAsync(1, 40, "sent");
        await WriteAsync(41, 50, "dead");
        await WriteAsync(51, 57, "pending");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CloseAsync(step: 7)));
        Assert.Equal("dead 10, sent 40", await TextAsync(InMinutes));
        await RunAsync("UPDATE reminders.outbox SET state = 'cancelled', settled_at = now() WHERE state = 'pending' AND id % 2 = 0");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CloseAsync(step: 7)));
        await RunAsync("UPDATE reminders.outbox SET state = 'sent', settled_at = now() WHERE state = 'pending'");
        await CloseAsync(step: 3);
        await CloseAsync(step: 3);
        Assert.Equal("cancelled 3, dead 10, sent 44", await TextAsync(InMinutes));
        Assert.Equal("cancelled 3, dead 10, sent 44", await TextAsync(InMinutes.Replace("minute", "hour", StringComparison.Ordinal)));
        Assert.Equal("0", await TextAsync("SELECT count(*)::text FROM reminders.tally_open"));
    }

    [Fact]
    public async Task One_that_is_committed_after_a_later_one_was_counted_is_counted_too()
    {
        await using var late = await _source.OpenConnectionAsync(Stop);
        await using (var transaction = await late.BeginTransactionAsync(Stop))
        {
            await using (var write = new NpgsqlCommand(Written(1, 3, "sent"), late))
            {
                await write.ExecuteNonQueryAsync(Stop);
            }

            await WriteAsync(4, 5, "sent");
            await CloseAsync();
            Assert.Equal("sent 2", await TextAsync(InMinutes));
            // So long that its number would be given up, were it not under way.
            await RunAsync("UPDATE reminders.tally_open SET noted_at = now() - interval '1 hour'");
            await CloseAsync();
            await transaction.CommitAsync(Stop);
        }

        await CloseAsync();
        Assert.Equal("sent 5", await TextAsync(InMinutes));
    }

    [Fact]
    public async Task A_number_that_nobody_can_write_any_more_is_given_up_and_not_before()
    {
        await RunAsync("SELECT nextval(pg_get_serial_sequence('reminders.outbox', 'id')) FROM generate_series(1, 30)");
        await WriteAsync(1, 1, "sent");
        await CloseAsync();
        Assert.Equal("30", await TextAsync("SELECT count(*)::text FROM reminders.tally_open"));
        await RunAsync("UPDATE reminders.tally_open SET noted_at = now() - interval '1 hour'");
        await CloseAsync();
        Assert.Equal("0", await TextAsync("SELECT count(*)::text FROM reminders.tally_open"));
        Assert.Equal("sent 1", await TextAsync(InMinutes));
    }

    [Fact]
    public async Task A_doubt_is_one_while_it_is_and_then_what_it_came_to()
    {
        await WriteAsync(1, 3, "uncertain");
        await CloseAsync();
        await CloseAsync();
        Assert.Equal("uncertain 3", await TextAsync(InMinutes));
        await RunAsync("UPDATE reminders.outbox SET state = 'sent' WHERE id = 1");
        await RunAsync("UPDATE reminders.outbox SET state = 'dead', settled_at = now() WHERE id = 2");
        await CloseAsync();
        await CloseAsync();
        Assert.Equal("dead 1, sent 1, uncertain 1", await TextAsync(InMinutes));
    }

    [Fact]
    public async Task The_numbers_outlive_the_messages_for_two_days_by_minute_and_for_ninety_by_hour()
    {
        await WriteAsync(1, 4, "sent", "1 hour");
        await WriteAsync(5, 9, "sent", "3 days");
        await WriteAsync(10, 19, "sent", "100 days");
        await CloseAsync();
        await RunAsync("DELETE FROM reminders.outbox");
        await CloseAsync();
        Assert.Equal("sent 4", await TextAsync(InMinutes));
        Assert.Equal("sent 9", await TextAsync(InMinutes.Replace("minute", "hour", StringComparison.Ordinal)));
        await RunAsync("UPDATE reminders.tally SET at = at - interval '2 days'");
        await CloseAsync();
        Assert.Equal("", await TextAsync(InMinutes));
    }

    [Fact]
    public async Task What_another_system_sent_and_edits_are_none_of_it()
    {
        await WriteAsync(1, 4, "sent");
        await RunAsync("UPDATE reminders.occurrence SET reason = 'imported' WHERE version <= 2");
        await RunAsync(
            """
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, revision, target_id, state, due_at,
                useful_until, settled_at)
            SELECT occurrence_id, kind, recipient_id, channel, 'edit', 1, id, 'sent', now(), now(), now() FROM reminders.outbox
            """
        );
        await CloseAsync();
        Assert.Equal("sent 2", await TextAsync(InMinutes));
    }

    [Fact]
    public async Task What_was_suppressed_is_counted_by_when_it_first_was_and_again_the_same()
    {
        await WriteAsync(1, 6, "sent");
        await RunAsync(
            "INSERT INTO reminders.suppression (occurrence_id, rule, last_by) SELECT id, 'version', 'test' FROM "
                + "reminders.occurrence LIMIT 5"
        );
        await CloseAsync();
        await RunAsync("UPDATE reminders.suppression SET count = count + 7, last_at = now()");
        await CloseAsync();
        await RunAsync(
            """
            INSERT INTO reminders.suppression (occurrence_id, rule, last_by, first_at)
            SELECT id, 'once', 'test', now() - interval '10 minutes' FROM reminders.occurrence LIMIT 2
            """
        );
        await CloseAsync();
        Assert.Equal("sent 6, suppressed 7", await TextAsync(InMinutes));
    }

    [Fact]
    public async Task A_percentile_is_told_to_within_a_fifth_of_a_power_of_two()
    {
        await WriteAsync(1, 98, "sent", late: "0.2 seconds");
        await WriteAsync(99, 100, "sent", late: "30 seconds");
        await CloseAsync();
        await using var scope = _source.CreateCommand(
            "SELECT bucket, sum(count)::bigint FROM reminders.tally WHERE size = 'minute' GROUP BY bucket"
        );
        await using var reader = await scope.ExecuteReaderAsync(Stop);
        var buckets = new Dictionary<int, long>();
        while (await reader.ReadAsync(Stop))
        {
            buckets[reader.GetInt16(0)] = reader.GetInt64(1);
        }

        Assert.InRange(Latency.Percentile(buckets, 0.5)!.Value.TotalSeconds, 0.2, 0.2 * 1.42);
        Assert.InRange(Latency.Percentile(buckets, 0.99)!.Value.TotalSeconds, 30, 30 * 1.42);
        Assert.Null(Latency.Percentile(new Dictionary<int, long>(), 0.5));
    }

    private async Task CloseAsync(int step = Tally.Step)
    {
        while (await _tally.CloseAsync(step, Stop)) { }
    }

    private Task WriteAsync(int from, int to, string state, string ago = "0 seconds", string late = "0.05 seconds") =>
        RunAsync(Written(from, to, state, ago, late));

    private static string Written(int from, int to, string state, string ago = "0 seconds", string late = "0.05 seconds") =>
        $$"""
            WITH o AS (
                INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                    planned_at, planned_by, fired_at)
                SELECT 'K', s.id, n, r.id, 'fired', '{}', '', now() - interval '{{ago}}' - interval '{{late}}', now() + interval '1 day',
                       now() - interval '200 days', 'test', now()
                FROM reminders.subject s, reminders.recipient r, generate_series({{from}}, {{to}}) n RETURNING *)
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, created_at,
                send_started_at, settled_at)
            SELECT id, kind, recipient_id, 'telegram', 'send', '{{state}}', due_at, useful_until, now() - interval '{{ago}}', now(),
                   CASE WHEN '{{state}}' <> 'pending' THEN now() - interval '{{ago}}' END
            FROM o ORDER BY version
            """;

    private async Task RunAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private async Task<string> TextAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(Stop))!;
    }
}
