using Npgsql;

namespace Reminders.Integration.Tests.Storage;

/// <summary>
/// A year's worth of messages that were sent, two thousand that wait, as many occurrences that are due. It was last counted when
/// nothing was under way, and then a rush began: that is what a planner usually knows of what is being sent.
/// </summary>
public sealed class FilledDatabase(Postgres postgres) : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        // VACUUM stands alone.
        foreach (var sql in (string[])[Uncounted, Fill, "VACUUM ANALYZE", Rush])
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Nobody counts the tables but who says so.</summary>
    internal const string Uncounted = """
        ALTER TABLE reminders.outbox SET (autovacuum_enabled = false);
        ALTER TABLE reminders.occurrence SET (autovacuum_enabled = false);
        ALTER TABLE reminders.subject SET (autovacuum_enabled = false);
        ALTER TABLE reminders.recipient SET (autovacuum_enabled = false);
        ALTER TABLE reminders.address SET (autovacuum_enabled = false);
        ALTER TABLE reminders.party SET (autovacuum_enabled = false);
        """;

    internal const string Fill = """
        INSERT INTO reminders.cluster (timeline) VALUES (1);
        INSERT INTO reminders.recipient (reference, name, locale, zone) SELECT 'p' || n, 'Person ' || n, 'en', 'UTC'
            FROM generate_series(1, 20000) n;
        INSERT INTO reminders.address (recipient_id, channel, address) SELECT id, 'telegram', id::text FROM reminders.recipient;
        INSERT INTO reminders.address (recipient_id, channel, address) SELECT id, 'email', id || '@example.org' FROM reminders.recipient;
        INSERT INTO reminders.channel (name) VALUES ('telegram'), ('email');
        INSERT INTO reminders.subject (type, key, status, happens_at, created_by)
        SELECT 'booking', 'b' || n, 'approved', now() + interval '1 day', 'fill' FROM generate_series(1, 50000) n;
        INSERT INTO reminders.party (subject_id, role, recipient_id) SELECT s.id, 'candidate', r.id
        FROM reminders.subject s JOIN reminders.recipient r ON r.reference = 'p' || (s.id % 20000 + 1);
        UPDATE reminders.subject SET status = 'proposed' WHERE key = 'b30300';
        -- Told: two reminders for each subject, each a message that was sent.
        INSERT INTO reminders.occurrence
            (kind, subject_id, version, recipient_id, state, wanted_in, told, has_buttons, due_at, useful_until, planned_by, fired_at, fired_by)
        SELECT k, p.subject_id, 1, p.recipient_id, 'fired', '{approved}', s.told, true, now() - interval '2 days',
            now() + interval '1 day', 'fill',
               now() - interval '2 days', 'fill'
        FROM reminders.party p JOIN reminders.subject s ON s.id = p.subject_id CROSS JOIN unnest('{approved,day}'::text[]) k;
        INSERT INTO reminders.outbox
            (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, send_started_at, settled_at, provider_message_id)
        SELECT id, kind, recipient_id, 'telegram', 'send', 'sent', due_at, useful_until, due_at, due_at, id::text FROM reminders.occurrence;
        -- Due, and not told yet: messages that wait.
        INSERT INTO reminders.occurrence
            (kind, subject_id, version, recipient_id, state, wanted_in, told, has_buttons, due_at, useful_until, planned_by, fired_at, fired_by)
        SELECT 'hour', p.subject_id, 1, p.recipient_id, 'fired', '{approved}', s.told, true, now() - interval '1 minute',
            now() + interval '1 day', 'fill',
               now(), 'fill'
        FROM reminders.party p JOIN reminders.subject s ON s.id = p.subject_id WHERE p.subject_id <= 2000;
        INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
        SELECT id, kind, recipient_id, 'telegram', 'send', 'pending', due_at, useful_until FROM reminders.occurrence WHERE kind = 'hour';
        -- Planned: two thousand due, twenty thousand for later.
        INSERT INTO reminders.occurrence
            (kind, subject_id, version, recipient_id, state, wanted_in, told, has_buttons, due_at, useful_until, planned_by, planned_at)
        SELECT CASE WHEN p.subject_id % 2 = 0 THEN 'hour' ELSE 'soon' END, p.subject_id, 1, p.recipient_id, 'planned', '{approved}',
            s.told, true,
               CASE WHEN p.subject_id <= 4000 THEN now() - interval '1 minute' ELSE now() + interval '5 hours' END,
                   now() + interval '1 day', 'fill', now() - interval '1 day'
        FROM reminders.party p JOIN reminders.subject s ON s.id = p.subject_id WHERE p.subject_id BETWEEN 2001 AND 24000;
        """;

    // 600 under a live lease, 300 under one that ran out; half of each has started.
    internal const string Rush = """
        UPDATE reminders.outbox m SET state = 'sending', lease_token = 1, leased_by = 'n', claimed_at = now(),
               lease_until = now() + CASE WHEN x.nth <= 600 THEN interval '1 hour' ELSE interval '-1 minute' END,
               send_started_at = CASE WHEN x.nth % 2 = 0 THEN now() END
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM reminders.outbox WHERE state = 'pending') x WHERE x.id = m.id
            AND x.nth <= 900;
        INSERT INTO reminders.lease_end (at, messages)
        SELECT max(lease_until), array_agg(id) FROM reminders.outbox WHERE state = 'sending' GROUP BY lease_until, id % 10;
        """;
}
