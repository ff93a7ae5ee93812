using Npgsql;
using Reminders.People;

namespace Reminders.Integration.Tests.Storage;

/// <summary>What is kept about a person is found by the person: forgetting one of many reads no big table through.</summary>
public sealed class PeopleAreFound(Postgres postgres)
{
    private static readonly string[] Big =
    [
        "occurrence",
        "outbox",
        "attempt",
        "press",
        "operator_action",
        "party",
        "subject",
        "inbox_item",
        "audit",
        "inbound_update",
        "recipient",
    ];

    private const string Filled = """
        INSERT INTO reminders.recipient (reference, name, locale, zone) SELECT 'r' || n, 'R', 'en', 'UTC' FROM generate_series(1, 5000) n;
        INSERT INTO reminders.address (recipient_id, channel, address) SELECT id, 'telegram', (1000 + id)::text FROM reminders.recipient;
        INSERT INTO reminders.subject (type, key, status, created_by) SELECT 'booking', 'b' || n, 'open', 'test'
            FROM generate_series(1, 5000) n;
        INSERT INTO reminders.party (subject_id, role, recipient_id) SELECT s.id, 'candidate', r.id
        FROM reminders.subject s JOIN reminders.recipient r ON s.key = 'b' || substr(r.reference, 2);
        INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
            planned_by, fired_at)
        SELECT 'CONFIRM_2H', p.subject_id, v, p.recipient_id, 'fired', '{open}', '', now(), now(), 'test', now()
            FROM reminders.party p, generate_series(1, 4) v;
        INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, reason, due_at, useful_until,
            settled_at)
        SELECT id, kind, recipient_id, 'telegram', 'send', 'dead', 'x', now(), now(), now() FROM reminders.occurrence;
        INSERT INTO reminders.attempt (message_id, lease_token, node, started_at, outcome, detail)
            SELECT id, 1, 'n', now(), 'rejected', 'x' FROM reminders.outbox;
        INSERT INTO reminders.press (message_id, action, effect, sender, provider_id) SELECT id, 'confirm', 'Confirmed', '1', id::text
            FROM reminders.outbox;
        INSERT INTO reminders.operator_action (message_id, action, reason, acted_by) SELECT id, 'replayed', 'x', 'ops'
            FROM reminders.outbox;
        INSERT INTO reminders.inbound_update (source, provider_id, sender, payload, state)
            SELECT 'telegram', n::text, (1000 + n)::text, '{}', 'handled' FROM generate_series(1, 20000) n;
        INSERT INTO reminders.audit (actor, action, about) SELECT 'telegram:' || 1000 + n, 'address.bind', 'recipient #' || n
            FROM generate_series(1, 20000) n;
        INSERT INTO reminders.inbox_item (occurrence_id, recipient_id, seq, kind, subject_type, subject_key)
        SELECT id, recipient_id, row_number() OVER (PARTITION BY recipient_id), kind, 'booking', 'x' FROM reminders.occurrence;
        ANALYZE;
        """;

    [Fact]
    public async Task No_statement_of_an_erasure_reads_a_big_table_through()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using (var fill = database.CreateCommand(Filled))
        {
            fill.CommandTimeout = 120;
            await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var id = (long)
            (
                await database
                    .CreateCommand("SELECT id FROM reminders.recipient WHERE reference = 'r77'")
                    .ExecuteScalarAsync(TestContext.Current.CancellationToken)
            )!;
        var wrong = new List<string>();
        foreach (
            var statement in (string[])
                [
                    ErasureStatements.LockSubjects,
                    ErasureStatements.CancelPlanned,
                    ErasureStatements.CancelUnsent,
                    ErasureStatements.CancelEdits,
                    ErasureStatements.MarkUnderWay,
                    .. ErasureStatements.Forget,
                ]
        )
        {
            await using var explain = database.CreateCommand(
                "EXPLAIN "
                    + statement
                        .Replace("'user:' || $1", $"'user:{id}'", StringComparison.Ordinal)
                        .Replace("$1", $"{id}::bigint", StringComparison.Ordinal)
                        .Replace("$2", "'test'", StringComparison.Ordinal)
                        .Replace("$3", "'test'", StringComparison.Ordinal)
            );
            await using var plan = await explain.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await plan.ReadAsync(TestContext.Current.CancellationToken))
            {
                var line = plan.GetString(0);
                if (Big.Any(table => line.Contains($"Seq Scan on {table} ", StringComparison.Ordinal)))
                {
                    wrong.Add($"{line.Trim()}: {statement.Trim()[..Math.Min(90, statement.Trim().Length)]}");
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }
}
