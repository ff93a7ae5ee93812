using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Scheduling;

/// <summary>
/// Fires what is due: takes planned occurrences, judges each against its subject as it is now, and writes outbox rows for
/// those still wanted and a reason for the others. One statement per batch, whoever calls: Quartz's job and the
/// reconciler run the same, and SKIP LOCKED lets them meet.
/// </summary>
internal sealed partial class Firing(
    NpgsqlDataSource dataSource, KindCatalog kinds, NodeName node, Signals signals, ClockWatch clock, ILogger<Firing> logger)
{
    // Small enough that sending begins while the rest of a burst is still being judged.
    private const int Batch = 250;

    /// <summary>Fires everything of one kind that is due.</summary>
    public Task<int> FireAsync(string kind, CancellationToken cancellationToken) =>
        FireAsync([.. kinds.Kinds.Values.Where(declared => declared.Name == kind)], TimeSpan.Zero, cancellationToken);

    /// <summary>
    /// Fires what no trigger stands for: occurrences that were due when they were planned, and those a trigger should have
    /// fired more than <paramref name="grace"/> ago.
    /// </summary>
    public Task<int> FireOverdueAsync(TimeSpan grace, CancellationToken cancellationToken) =>
        FireAsync([.. kinds.Kinds.Values], grace, cancellationToken);

    /// <summary>How long until the kind's next occurrence, if that is within <paramref name="horizon"/>.</summary>
    public async Task<TimeSpan?> NextDueAsync(string kind, TimeSpan horizon, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            SELECT due_at - clock_timestamp() FROM reminders.occurrence
            WHERE state = 'planned' AND due_at > now() AND due_at <= now() + $2 AND kind = $1
            ORDER BY due_at, id LIMIT 1
            """);
        command.Parameters.Add(new() { Value = kind });
        command.Parameters.Add(new() { Value = horizon });
        return await command.ExecuteScalarAsync(cancellationToken) as TimeSpan?;
    }

    private async Task<int> FireAsync(KindDefinition[] declared, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (declared.Length == 0 || clock.Halted)
            return 0;
        var total = 0;
        int judged;
        do
        {
            await using var command = dataSource.CreateCommand(Fire);
            command.Parameters.Add(new() { Value = declared.Select(kind => kind.Name).ToArray() });
            command.Parameters.Add(new() { Value = declared.Select(kind => string.Join(',', kind.Channels)).ToArray() });
            command.Parameters.Add(new() { Value = grace });
            command.Parameters.Add(new() { Value = Batch });
            command.Parameters.Add(new() { Value = node.Value });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            judged = (int)reader.GetInt64(0);
            var queued = (int)reader.GetInt64(1);
            if (reader.GetInt64(2) > 0)
                signals.Due.Set();
            if (queued > 0)
                signals.OutboxWritten();
            if (judged > 0)
                LogFired(judged, queued);
            total += judged;
        }
        while (judged == Batch);
        return total;
    }

    // The lateral look at earlier versions is the A-B-A rule: what was last announced to this recipient, and whether
    // that already says what this occurrence would. It costs nothing for version 1, which is nearly every row.
    private const string Fire = """
        WITH due AS MATERIALIZED (
            SELECT o.*, string_to_array(k.channels, ',') AS channels
            FROM unnest($1, $2) AS k (kind, channels)
            JOIN reminders.occurrence o ON o.kind = k.kind
            WHERE o.state = 'planned' AND o.due_at <= now()
              AND (o.due_at <= now() - $3 OR o.due_at <= o.planned_at)
            ORDER BY o.due_at, o.id LIMIT $4 FOR UPDATE OF o SKIP LOCKED),
        judged AS MATERIALIZED (
            SELECT d.*, a.channel, last_told.id AS deciding,
                   CASE WHEN s.version <> d.version THEN 'superseded by version ' || s.version
                        WHEN cardinality(d.wanted_in) > 0 AND s.status <> ALL (d.wanted_in) THEN 'subject is ' || s.status
                   END AS unwanted,
                   d.useful_until <= now() AS past_use,
                   coalesce(last_told.told = d.told, false) AS told_already,
                   coalesce(under_way.unknown, false) AS unknown
            FROM due d
            JOIN reminders.subject s ON s.id = d.subject_id
            LEFT JOIN LATERAL (
                SELECT p.id, p.told FROM reminders.occurrence p
                WHERE d.version > 1 AND p.subject_id = d.subject_id AND p.kind = d.kind
                  AND p.recipient_id = d.recipient_id AND p.version < d.version AND reminders.is_announced(p.id)
                ORDER BY p.version DESC LIMIT 1) last_told ON true
            -- Whether an earlier version reached its recipient is not known yet: it is asked again when it is.
            LEFT JOIN LATERAL (
                SELECT true AS unknown FROM reminders.occurrence p JOIN reminders.outbox m ON m.occurrence_id = p.id
                WHERE d.version > 1 AND p.subject_id = d.subject_id AND p.kind = d.kind
                  AND p.recipient_id = d.recipient_id AND p.version < d.version
                  AND m.operation = 'send' AND m.state = 'sending' AND m.send_started_at IS NOT NULL
                LIMIT 1) under_way ON true
            LEFT JOIN LATERAL (
                SELECT a.channel FROM reminders.address a
                WHERE a.recipient_id = d.recipient_id AND a.state = 'reachable' AND a.channel = ANY (d.channels)
                ORDER BY array_position(d.channels, a.channel) LIMIT 1) a ON true),
        decided AS MATERIALIZED (
            SELECT j.*, CASE WHEN unwanted IS NOT NULL THEN 'cancelled' WHEN unknown THEN 'planned'
                             WHEN past_use OR told_already THEN 'skipped'
                             WHEN channel IS NULL THEN 'waiting' ELSE 'fired' END AS next
            FROM judged j),
        fired AS (
            UPDATE reminders.occurrence o
            SET state = d.next,
                reason = CASE WHEN d.unwanted IS NOT NULL THEN d.unwanted
                              WHEN d.told_already THEN 'already told'
                              WHEN d.past_use THEN 'no longer useful'
                              WHEN d.channel IS NULL THEN 'no address yet' END,
                decided_by = CASE WHEN d.unwanted IS NULL AND d.told_already THEN d.deciding END,
                fired_at = clock_timestamp(), fired_by = $5
            FROM decided d WHERE o.id = d.id AND d.next <> 'planned'),
        queued AS (
            INSERT INTO reminders.outbox
                (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
            SELECT id, kind, recipient_id, channel, 'send', 'pending', due_at, useful_until
            FROM decided WHERE next = 'fired' ORDER BY due_at, id
            ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
            RETURNING 1),
        told AS (
            INSERT INTO reminders.event (subject_id, name, cause)
            SELECT subject_id, 'reminder_skipped', 'occurrence ' || id || ' is no longer useful'
            FROM decided WHERE next = 'skipped' AND NOT told_already AND has_buttons
            RETURNING 1),
        woken AS (SELECT pg_notify('reminders_outbox', '') FROM (SELECT FROM queued LIMIT 1) t)
        SELECT (SELECT count(*) FROM decided WHERE next <> 'planned'), (SELECT count(*) FROM queued), (SELECT count(*) FROM told),
               (SELECT count(*) FROM woken)
        """;

    [LoggerMessage(2001, LogLevel.Information, "Fired {Judged} due occurrences: {Queued} messages queued")]
    private partial void LogFired(int judged, int queued);
}
