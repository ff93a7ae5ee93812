using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Integration.Tests.Web;
using Reminders.Lists;
using Reminders.Reads;

namespace Reminders.Integration.Tests.Lists;

/// <summary>A page costs what it shows: whatever is asked for, no big table is read through for it.</summary>
public sealed class Plans(Postgres postgres)
{
    private static readonly string[] Big = ["occurrence", "outbox", "suppression"];

    private const string Filled = """
        INSERT INTO reminders.recipient (reference, name, locale, zone, owner, created_at)
        SELECT 'r' || n, 'R', 'en', 'UTC', 'o' || n % 50, now() - n * interval '1 minute' FROM generate_series(1, 20000) n;
        INSERT INTO reminders.address (recipient_id, channel, address, state)
        SELECT id, 'telegram', (100000 + id)::text, CASE WHEN id % 1000 = 0 THEN 'unreachable' ELSE 'reachable' END
            FROM reminders.recipient;
        INSERT INTO reminders.subject (type, key, status, created_by, owner, happens_at)
        SELECT 'booking', gen_random_uuid(), CASE WHEN n % 1000 = 0 THEN 'declined' ELSE 'approved' END, 'test', 'o'
            || n % 50, now() - n * interval '1 minute'
        FROM generate_series(1, 20000) n;
        INSERT INTO reminders.party (subject_id, role, recipient_id)
        SELECT s.id, 'candidate', r.id FROM reminders.subject s JOIN reminders.recipient r ON r.id = s.id;
        INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
            planned_by, fired_at)
        SELECT CASE v WHEN 1 THEN 'CONFIRM_2H' ELSE 'NO_ANSWER_1H' END, p.subject_id, v, p.recipient_id, 'fired', '{approved}', '', now(),
            now() + interval '1 day', 'test', now()
        FROM reminders.party p, generate_series(1, 2) v;
        INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, created_at,
            settled_at)
        SELECT id, kind, recipient_id, 'telegram', 'send',
               CASE WHEN id % 2000 = 0 THEN 'uncertain' WHEN id % 1000 = 0 THEN 'dead' WHEN id % 500 = 0 THEN 'pending' ELSE 'sent' END,
               now() + interval '1 day', now() + interval '2 days', now() - id * interval '1 minute', now() FROM reminders.occurrence;
        INSERT INTO reminders.suppression (occurrence_id, rule, first_at, last_by)
            SELECT id, 'version', now() - id * interval '1 minute', 'test' FROM reminders.occurrence;
        ANALYZE;
        """;

    [Fact]
    public async Task No_list_reads_a_big_table_through_whatever_it_is_narrowed_by()
    {
        await using var node = await WebNode.StartAsync(postgres);
        await using (var fill = node.Database.CreateCommand(Filled))
        {
            fill.CommandTimeout = 120;
            await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        await using var scope = node.Engine.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<RemindersDb>();
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (
            var set = new NpgsqlCommand(
                BookingList.PlanForValues.Replace("LOCAL ", "", StringComparison.Ordinal),
                (NpgsqlConnection)db.Database.GetDbConnection()
            )
        )
        {
            await set.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var wrong = new List<string>();
        foreach (var filter in Filters("approved", "declined"))
        {
            await LookAsync("bookings", services.GetRequiredService<BookingList>().Query(filter), "subject", "party");
        }

        foreach (var filter in Filters("reachable", "unreachable"))
        {
            await LookAsync("people", services.GetRequiredService<PeopleList>().Query(filter), "recipient");
        }

        foreach (var filter in Filters("sent", "uncertain", "dead", "pending", "retry", "sending"))
        {
            await LookAsync("messages", services.GetRequiredService<MessageList>().Query(filter));
        }

        foreach (var filter in Filters("fired"))
        {
            await LookAsync("suppressions", services.GetRequiredService<SuppressionList>().Query(filter));
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));

        async Task LookAsync<T>(string list, IQueryable<T> query, params string[] own)
        {
            await using var command = query.CreateDbCommand();
            command.CommandText = "EXPLAIN " + command.CommandText;
            await using var plan = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            var lines = new List<string>();
            while (await plan.ReadAsync(TestContext.Current.CancellationToken))
            {
                lines.Add(plan.GetString(0));
            }

            if (Big.Concat(own).Any(table => lines.Any(line => line.Contains($"Seq Scan on {table} ", StringComparison.Ordinal))))
            {
                wrong.Add($"{list}: {command.CommandText}\n{string.Join('\n', lines)}");
            }
        }
    }

    private static IEnumerable<ListFilter> Filters(params string[] states)
    {
        var any = new ListFilter(null, null, null, null, null, null, null, null, 50);
        var ago = TimeProvider.System.GetUtcNow().AddDays(-7);
        ListFilter[] times =
        [
            any,
            any with
            {
                Since = ago,
            },
            any with
            {
                Until = ago,
            },
            any with
            {
                After = new(ago, 1),
            },
            any with
            {
                Since = ago,
                Until = ago.AddHours(1),
            },
        ];
        return
        [
            .. times,
            .. times.Select(filter => filter with { Owner = "o7" }),
            .. times.Select(filter => filter with { Person = "r77" }),
            .. states.Select(state => any with { State = state }),
            any with
            {
                Kind = "CONFIRM_2H",
            },
            any with
            {
                Channel = "telegram",
            },
            any with
            {
                Person = "r77",
                Kind = "CONFIRM_2H",
                State = states[0],
                Owner = "o27",
            },
        ];
    }
}
