using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Scheduling;

/// <summary>
/// Fires what is due: takes planned occurrences, judges each against its subject as it is now, and writes outbox rows for
/// those still wanted and a reason for the others. One statement per batch, whoever calls: Quartz's job and the
/// reconciler run the same, and SKIP LOCKED lets them meet.
/// </summary>
internal sealed partial class Firing(
    Database dataSource, KindCatalog kinds, NodeName node, Signals signals, SuppressionMetrics metrics, PutAsides asides,
    ILogger<Firing> logger)
{
    private static readonly string FireAll = Fire(among: false);
    private static readonly string FireAmong = Fire(among: true);
    private readonly PutAside putAside = asides.Of("fire");

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

    /// <summary>
    /// An address that came while its person's occurrence was being judged was not there for the judge, and the occurrence
    /// was not waiting yet for whoever brought the address.
    /// </summary>
    public async Task ResumeReachedAsync(CancellationToken cancellationToken)
    {
        await using var resume = dataSource.CreateCommand("""
            UPDATE reminders.occurrence o SET state = 'planned', reason = NULL, fired_at = NULL, fired_by = NULL
            FROM reminders.address a, unnest($1, $2) AS k (kind, channels)
            WHERE a.changed_at > now() - interval '1 minute' AND a.state = 'reachable'
              AND o.recipient_id = a.recipient_id AND o.state = 'waiting'
              AND k.kind = o.kind AND a.channel = ANY (string_to_array(k.channels, ','))
            """);
        var declared = kinds.Kinds.Values.ToArray();
        resume.Parameters.Add(new() { Value = declared.Select(kind => kind.Name).ToArray() });
        resume.Parameters.Add(new() { Value = declared.Select(kind => string.Join(',', kind.Channels)).ToArray() });
        await resume.ExecuteNonQueryAsync(cancellationToken);
    }

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
        if (declared.Length == 0)
            return 0;
        var total = 0;
        await putAside.AroundAsync(
            async some =>
            {
                int judged, retimed;
                do
                {
                    (judged, retimed) = await FireAsync(some);
                    total += judged;
                }
                while (judged + retimed == Batch && some is null);
            },
            () => DueAsync(declared, grace, cancellationToken),
            (id, rest, refusal) => LogUnfireable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText)));
        return total;

        async Task<(int Judged, int Retimed)> FireAsync(long[]? among)
        {
            await using var command = dataSource.CreateCommand(among is null ? FireAll : FireAmong);
            command.Parameters.Add(new() { Value = declared.Select(kind => kind.Name).ToArray() });
            command.Parameters.Add(new() { Value = declared.Select(kind => string.Join(',', kind.Channels)).ToArray() });
            command.Parameters.Add(new() { Value = grace });
            command.Parameters.Add(new() { Value = Batch });
            command.Parameters.Add(new() { Value = node.Value });
            command.Parameters.Add(new() { Value = declared.Select(kind => kind.EveryChannel).ToArray() });
            command.Parameters.Add(new()
            {
                Value = declared.Select(kind => kind.Digest).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Interval,
            });
            command.Parameters.Add(new() { Value = declared.Select(kind => kind.After.Length == 0 ? null : kind.After).ToArray() });
            command.Parameters.Add(new() { Value = declared.Select(kind => kind.Wait).ToArray() });
            command.Parameters.Add(new() { Value = among ?? putAside.Now });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var judged = (int)reader.GetInt64(0);
            var queued = (int)reader.GetInt64(1);
            if (reader.GetInt64(2) > 0)
                signals.Due.Set();
            if (queued > 0)
                signals.OutboxWritten();
            foreach (var same in (reader.IsDBNull(4) ? [] : reader.GetFieldValue<string[]>(4)).CountBy(kind => kind))
                metrics.Add(same.Key, SuppressionMetrics.AlreadyTold, same.Value);
            if (judged > 0)
                LogFired(judged, queued);
            return (judged, (int)reader.GetInt64(3));
        }
    }

    /// <summary>What a firing would take up next.</summary>
    private async Task<long[]> DueAsync(KindDefinition[] declared, TimeSpan grace, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            SELECT ARRAY(
                SELECT id FROM reminders.occurrence
                WHERE kind = ANY ($1) AND state = 'planned' AND due_at <= now() AND (due_at <= now() - $2 OR due_at <= planned_at) AND id <> ALL ($3)
                ORDER BY due_at, id LIMIT $4)
            """).With(declared.Select(kind => kind.Name).ToArray(), grace, putAside.Now, Batch);
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string Fire(bool among) => $$"""
        WITH due AS MATERIALIZED (
            SELECT o.*, o AS occurrence, string_to_array(k.channels, ',') AS channels, k.every, k.digest, k.after, k.wait
            FROM unnest($1, $2, $6, $7, $8, $9) AS k (kind, channels, every, digest, after, wait)
            JOIN reminders.occurrence o ON o.kind = k.kind
            WHERE o.state = 'planned' AND o.due_at <= now()
              AND (o.due_at <= now() - $3 OR o.due_at <= o.planned_at)
              AND o.id {{(among ? "= ANY" : "<> ALL")}} ($10)
            ORDER BY o.due_at, o.id LIMIT $4 FOR UPDATE OF o SKIP LOCKED),
        judged AS MATERIALIZED (
            SELECT d.*, s.type AS subject_type, s.key AS subject_key, s.data AS subject_data, s.happens_at, a.chosen, a.silenced, last_told.id AS deciding,
                   reminders.unwanted(d.occurrence, s) AS unwanted,
                   d.useful_until <= now() AS past_use,
                   coalesce(last_told.told = d.told, false) AS told_already,
                   coalesce(under_way.unknown, false) AS unknown,
                   asked.open AS asked_open, asked.next_at AS asked_next, asked.reason AS not_asked, asked.sent_at + d.wait AS follows_at
            FROM due d
            JOIN reminders.subject s ON s.id = d.subject_id
            {{LastTold.Join}}
            -- Whether an earlier version reached its recipient is not known yet: it is asked again when it is.
            LEFT JOIN LATERAL (
                SELECT true AS unknown FROM reminders.occurrence p JOIN reminders.outbox m ON m.occurrence_id = p.id
                WHERE d.version > 1 AND p.subject_id = d.subject_id AND p.kind = d.kind
                  AND p.recipient_id = d.recipient_id AND p.version < d.version
                  AND m.operation = 'send' AND m.state = 'sending' AND m.send_started_at IS NOT NULL
                LIMIT 1) under_way ON true
            -- What it follows (KindDefinition.After): sent, and when; still open, a doubt included; or neither, and then it never
            -- was. What is known already by an earlier version was sent with that. It costs nothing where nothing follows.
            LEFT JOIN LATERAL (
                SELECT bool_or(f.sent_at IS NULL AND f.open) AS open, max(f.sent_at) AS sent_at, max(f.next_at) AS next_at, max(f.reason) AS reason
                FROM (SELECT greatest(m.sent_at, i.created_at) AS sent_at, p.state IN ('planned', 'waiting') OR coalesce(m.open, false) AS open,
                             CASE p.state WHEN 'planned' THEN p.due_at ELSE m.next_at END AS next_at,
                             CASE WHEN p.state IN ('skipped', 'cancelled') THEN p.reason ELSE m.reason END AS reason
                      FROM reminders.occurrence p
                      CROSS JOIN LATERAL (
                          SELECT max(coalesce(m.send_started_at, m.settled_at)) FILTER (WHERE m.state = 'sent') AS sent_at,
                                 bool_or(m.state IN ('pending', 'retry', 'sending', 'uncertain')) AS open,
                                 max(m.due_at) FILTER (WHERE m.state IN ('pending', 'retry')) AS next_at,
                                 max(m.reason) FILTER (WHERE m.state IN ('dead', 'cancelled')) AS reason
                          FROM reminders.outbox m
                          WHERE m.occurrence_id = coalesce(p.decided_by, p.id) AND m.operation = 'send') m
                      LEFT JOIN reminders.inbox_item i ON i.occurrence_id = coalesce(p.decided_by, p.id)
                      WHERE d.after IS NOT NULL AND p.subject_id = d.subject_id AND p.kind = d.after AND p.version = d.version) f) asked ON true
            -- Where it goes: the best channel, or every one, of those that reach the recipient and are wanted.
            LEFT JOIN LATERAL (
                SELECT CASE WHEN d.every THEN array_agg(c.channel ORDER BY c.place) FILTER (WHERE c.wanted)
                            ELSE (array_agg(c.channel ORDER BY c.place) FILTER (WHERE c.wanted))[:1] END AS chosen,
                       CASE WHEN bool_or(c.reached) THEN 'the recipient does not want it' ELSE 'the recipient opted out' END AS silenced
                FROM (SELECT c.channel, c.place, c.channel = 'inbox' OR a.state = 'reachable' AND gone.key IS NULL AS reached,
                             (c.channel = 'inbox' OR a.state = 'reachable' AND gone.key IS NULL) AND reminders.wants(d.recipient_id, d.kind, c.channel) AS wanted
                      FROM unnest(d.channels) WITH ORDINALITY AS c (channel, place)
                      LEFT JOIN reminders.address a ON a.recipient_id = d.recipient_id AND a.channel = c.channel
                      LEFT JOIN reminders.opt_out gone ON gone.key = a.key
                      WHERE c.channel = 'inbox' OR a.state IN ('reachable', 'opted_out')) c
                HAVING count(*) > 0) a ON true),
        decided AS MATERIALIZED (
            SELECT j.*,
                   CASE WHEN unwanted IS NOT NULL THEN unwanted
                        WHEN next = 'skipped' AND told_already THEN 'already told'
                        WHEN next = 'skipped' AND past_use THEN 'no longer useful'
                        WHEN next = 'skipped' AND after IS NOT NULL AND follows_at IS NULL
                        THEN after || ' was not sent' || coalesce(': ' || not_asked, '')
                        WHEN next = 'skipped' AND follows_at > now()
                        THEN 'no longer useful ' || wait || ' after ' || after || ' was sent'
                        WHEN next = 'skipped' THEN silenced
                        WHEN next = 'waiting' THEN 'no address yet' END AS because,
                   -- To the second, as every instant. What is still open is asked again now and then, not at every turn.
                   CASE WHEN next = 'planned' AND NOT unknown THEN date_bin('1 second', interval '999999 microseconds' + CASE
                            WHEN asked_open THEN least(useful_until, greatest(
                                asked_next + wait, now() + least(interval '30 seconds', greatest(interval '5 seconds', wait / 10))))
                            ELSE follows_at END, timestamptz 'epoch') END AS later,
                   digest IS NOT NULL AND cardinality(array_remove(chosen, 'inbox')) > 0 AS gathers
            FROM (SELECT j.*, CASE WHEN unwanted IS NOT NULL THEN 'cancelled' WHEN unknown THEN 'planned'
                                   WHEN past_use OR told_already THEN 'skipped'
                                   WHEN asked_open THEN 'planned'
                                   WHEN after IS NOT NULL AND follows_at IS NULL THEN 'skipped'
                                   WHEN follows_at > now() THEN CASE WHEN follows_at < useful_until THEN 'planned' ELSE 'skipped' END
                                   WHEN chosen IS NOT NULL THEN 'fired' WHEN silenced IS NOT NULL THEN 'skipped' ELSE 'waiting' END AS next
                  FROM judged j) j),
        -- What falls due for one recipient in the same stretch of time shares a message, whichever firing comes first. While
        -- that is pending it takes more in; whoever comes later gathers for the next.
        digests AS (
            INSERT INTO reminders.outbox AS m
                (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, digest_at)
            SELECT DISTINCT ON (kind, recipient_id, due_at)
                   id, kind, recipient_id, (array_remove(chosen, 'inbox'))[1], 'send', 'pending', due_at + interval '2 seconds', useful_until, due_at
            FROM decided WHERE next = 'fired' AND gathers ORDER BY kind, recipient_id, due_at, id
            ON CONFLICT (kind, recipient_id, digest_at) WHERE digest_at IS NOT NULL DO UPDATE SET digest_at = m.digest_at
            WHERE m.state = 'pending'
            RETURNING m.occurrence_id, m.kind, m.recipient_id, m.digest_at),
        placed AS MATERIALIZED (
            SELECT d.*, g.occurrence_id AS lead, d.next = 'fired' AND d.gathers AND g.occurrence_id IS NULL AS postponed
            FROM decided d
            LEFT JOIN digests g ON d.gathers AND g.kind = d.kind AND g.recipient_id = d.recipient_id AND g.digest_at = d.due_at),
        fired AS (
            UPDATE reminders.occurrence o
            SET state = d.next, reason = d.because,
                decided_by = CASE WHEN d.unwanted IS NULL AND d.told_already THEN d.deciding END,
                digest_of = d.lead, fired_at = now(), fired_by = $5
            FROM placed d WHERE o.id = d.id AND d.next <> 'planned' AND NOT d.postponed),
        retimed AS (
            UPDATE reminders.occurrence o SET due_at = d.later FROM placed d WHERE o.id = d.id AND d.later IS NOT NULL
            RETURNING o.kind, o.due_at, d.asked_open),
        -- The reconciler puts a trigger where there is an instant. What is only asked again needs none.
        instants AS (
            INSERT INTO reminders.instant (kind, due_second) SELECT DISTINCT kind, due_at FROM retimed WHERE asked_open IS NOT TRUE ORDER BY kind, due_at
            ON CONFLICT DO NOTHING),
        postponed AS (
            UPDATE reminders.occurrence o SET due_at = d.due_at + d.digest, useful_until = greatest(d.useful_until, d.due_at + 2 * d.digest)
            FROM placed d WHERE o.id = d.id AND d.postponed),
        queued AS (
            INSERT INTO reminders.outbox
                (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
            SELECT d.id, d.kind, d.recipient_id, c.channel, 'send', 'pending', d.due_at, d.useful_until
            FROM placed d CROSS JOIN unnest(d.chosen) AS c (channel)
            WHERE d.next = 'fired' AND NOT d.gathers AND c.channel <> 'inbox' ORDER BY d.due_at, d.id
            ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
            RETURNING 1),
        read AS MATERIALIZED (
            SELECT d.*, row_number() OVER (PARTITION BY recipient_id ORDER BY due_at, id) AS nth
            FROM placed d WHERE d.next = 'fired' AND 'inbox' = ANY (d.chosen) AND NOT d.postponed),
        numbered AS (
            INSERT INTO reminders.inbox AS i (recipient_id, last_seq)
            SELECT recipient_id, count(*) FROM read GROUP BY recipient_id ORDER BY recipient_id
            ON CONFLICT (recipient_id) DO UPDATE SET last_seq = i.last_seq + excluded.last_seq
            RETURNING recipient_id, last_seq),
        items AS (
            INSERT INTO reminders.inbox_item (occurrence_id, recipient_id, seq, kind, subject_type, subject_key, data, data_id)
            SELECT r.id, r.recipient_id, n.last_seq - max(r.nth) OVER (PARTITION BY r.recipient_id) + r.nth, r.kind, r.subject_type, r.subject_key,
                   jsonb_strip_nulls(jsonb_build_object('starts_at', r.happens_at)) || CASE WHEN r.data_id IS NULL THEN r.subject_data || coalesce(r.data, '{}')
                   -- What is shared stays there, and is laid over this when it is read.
                   ELSE r.subject_data - array(SELECT jsonb_object_keys(x.data) FROM reminders.shared_data x WHERE x.id = r.data_id) END, r.data_id
            FROM read r JOIN numbered n USING (recipient_id)
            RETURNING recipient_id),
        pushed AS (SELECT pg_notify('reminders_inbox', string_agg(DISTINCT recipient_id::text, ',')) FROM items HAVING count(*) > 0),
        told AS (
            INSERT INTO reminders.event (subject_id, name, cause)
            SELECT subject_id, 'reminder_skipped', 'occurrence ' || id || ': ' || because
            FROM decided WHERE next = 'skipped' AND NOT told_already AND has_buttons
            RETURNING 1),
        woken AS (SELECT pg_notify('reminders_outbox', '') FROM (SELECT FROM queued UNION ALL SELECT FROM digests LIMIT 1) t)
        SELECT (SELECT count(*) FROM placed WHERE next <> 'planned'), (SELECT count(*) FROM queued) + (SELECT count(*) FROM digests),
               (SELECT count(*) FROM told), (SELECT count(*) FROM retimed),
               (SELECT array_agg(kind) FROM decided WHERE next = 'skipped' AND told_already),
               (SELECT count(*) FROM woken), (SELECT count(*) FROM pushed)
        """;

    [LoggerMessage(2007, LogLevel.Error, "Occurrence {OccurrenceId} cannot be fired ({SqlState} {Reason}) and is left alone for {Rest}")]
    private partial void LogUnfireable(long occurrenceId, TimeSpan rest, string sqlState, string reason);

    [LoggerMessage(2001, LogLevel.Information, "Fired {Judged} due occurrences: {Queued} messages queued")]
    private partial void LogFired(int judged, int queued);
}
