using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>
/// Frees what a node left behind when it died or lost its lease, on every node. What had not started is pending again;
/// a started edit is repeated, since that shows the same; a started send is a doubt, and stays one.
/// </summary>
internal sealed partial class LeaseReaper(Database dataSource, KindCatalog kinds, PutAsides asides, ILogger<LeaseReaper> logger)
{
    private const int Batch = 500;
    private static readonly string ReapAll = Reap(among: false);
    private static readonly string ReapAmong = Reap(among: true);
    private static readonly string FallBackAll = FallBack(among: false);
    private static readonly string FallBackAmong = FallBack(among: true);
    private readonly PutAside putAside = asides.Of("end a lease");
    private readonly PutAside waitingAside = asides.Of("end a wait");
    private readonly PutAside shutAside = asides.Of("end a use");

    /// <returns>Whether a reminder fell into doubt, and so an event waits to be planned.</returns>
    public async Task<bool> ReapAsync(CancellationToken cancellationToken)
    {
        var events = false;
        // What had started is a doubt that somebody has to hear of, whatever is wrong with the row beside it.
        await putAside.AroundAsync(
            async some =>
            {
                while (await ReapAsync(some) == Batch && some is null)
                {
                }
            },
            () => IdsAsync("""
                SELECT ARRAY(SELECT id FROM reminders.outbox WHERE state = 'sending' AND lease_until <= now() AND id <> ALL ($1)
                             ORDER BY lease_until, id LIMIT 500)
                """, putAside, cancellationToken),
            (id, rest, refusal) => LogUnfreeable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText)));
        return events;

        async Task<long> ReapAsync(long[]? among)
        {
            await using var command = dataSource.CreateCommand(among is null ? ReapAll : ReapAmong);
            var resend = (from kind in kinds.Kinds.Values
                          from channel in kind.Uncertain
                          where channel.Value == UncertainPolicy.Resend
                          select $"{kind.Name}/{channel.Key}").ToArray();
            command.Parameters.Add(new() { Value = resend });
            command.Parameters.Add(new() { Value = Batch });
            command.Parameters.Add(new() { Value = among ?? putAside.Now });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            events |= reader.GetInt64(1) > 0;
            return reader.GetInt64(0);
        }
    }

    private async Task<long[]> IdsAsync(string sql, PutAside leftAlone, CancellationToken cancellationToken, params object[] more)
    {
        await using var command = dataSource.CreateCommand(sql).With([leftAlone.Now, .. more]);
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Doubts that nobody settled while the message was of use end as dead (the state table's last line).</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        await putAside.AroundAsync(
            some => ExpireAsync("""
                UPDATE reminders.outbox
                SET state = 'dead', reason = 'in doubt until it was no longer useful', settled_at = clock_timestamp()
                WHERE state = 'uncertain' AND useful_until <= now()
                """, "", some, putAside, cancellationToken),
            () => IdsAsync(
                "SELECT ARRAY(SELECT id FROM reminders.outbox WHERE state = 'uncertain' AND useful_until <= now() AND id <> ALL ($1))", putAside, cancellationToken),
            (id, rest, refusal) => LogUnfreeable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText)));
        await waitingAside.AroundAsync(
            some => ExpireAsync("""
                WITH expired AS (
                    UPDATE reminders.occurrence SET state = 'skipped', reason = 'no address until it was no longer useful'
                    WHERE state = 'waiting' AND useful_until <= now()
                """, """
                    RETURNING id, subject_id, has_buttons)
                INSERT INTO reminders.event (subject_id, name, cause)
                SELECT subject_id, 'reminder_skipped', 'occurrence ' || id || ' had no address' FROM expired WHERE has_buttons
                """, some, waitingAside, cancellationToken),
            () => IdsAsync(
                "SELECT ARRAY(SELECT id FROM reminders.occurrence WHERE state = 'waiting' AND useful_until <= now() AND id <> ALL ($1))", waitingAside, cancellationToken),
            (id, rest, refusal) => LogUnskippable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText)));
        // Nobody claims from a channel that is shut, so nobody would say that these will not be told any more.
        await shutAside.AroundAsync(
            some => ExpireAsync($"""
                WITH gone AS (
                    UPDATE reminders.outbox m
                    SET state = 'dead', settled_at = clock_timestamp(), reason = 'no longer useful: ' || late.name || ' could not send'
                    FROM ({Shut}) late
                    WHERE m.id = late.id AND m.state IN ('pending', 'retry')
                """, """
                    RETURNING m.id, m.occurrence_id, m.operation)
                INSERT INTO reminders.event (subject_id, name, cause)
                SELECT o.subject_id, 'reminder_skipped', 'message ' || g.id || ': no longer useful'
                FROM gone g JOIN reminders.occurrence o ON o.id = g.occurrence_id WHERE g.operation = 'send' AND o.has_buttons
                """, some, shutAside, cancellationToken, "m.id", [Kinds]),
            () => IdsAsync($"SELECT ARRAY(SELECT late.id FROM ({Shut}) late WHERE late.id <> ALL ($1))", shutAside, cancellationToken, [Kinds]),
            (id, rest, refusal) => LogUnfreeable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText)));
    }

    // The oldest of each kind, and what of them nobody needs any more.
    private static readonly string Shut = $"""
        SELECT oldest.id, c.name
        FROM reminders.channel c CROSS JOIN unnest($2) AS k (kind) CROSS JOIN LATERAL (
            SELECT id, useful_until FROM reminders.outbox
            WHERE channel = c.name AND kind = k.kind AND state IN ('pending', 'retry') AND due_at <= now()
            ORDER BY due_at, id LIMIT {Batch}) oldest
        WHERE {ChannelState.Shut} AND oldest.useful_until <= now()
        """;

    private string[] Kinds => [.. kinds.Kinds.Keys];

    private async Task ExpireAsync(
        string before, string after, long[]? among, PutAside leftAlone, CancellationToken cancellationToken, string id = "id", params object[] more)
    {
        await using var command = dataSource.CreateCommand($"{before} AND {id} {(among is null ? "<> ALL" : "= ANY")} ($1) {after}")
            .With([among ?? leftAlone.Now, .. more]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// A reminder held in doubt, unanswered for as long as its kind allows and still wanted, goes once more over the next
    /// channel that reaches the recipient. Once: that message has an identity of its own. The held one stays held.
    /// </summary>
    /// <returns>How many messages were written.</returns>
    public async Task<int> FallBackAsync(CancellationToken cancellationToken)
    {
        var impatient = kinds.Kinds.Values.Where(kind => kind.FallBackAfter is not null).ToArray();
        if (impatient.Length == 0)
            return 0;
        var written = 0;
        await putAside.AroundAsync(
            async some => written += await FallBackAsync(impatient, some, cancellationToken),
            () => IdsAsync("SELECT ARRAY(SELECT id FROM reminders.outbox WHERE state = 'uncertain' AND useful_until > now() AND id <> ALL ($1))", putAside, cancellationToken),
            (id, rest, refusal) => LogUnfreeable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText)));
        return written;
    }

    private async Task<int> FallBackAsync(KindDefinition[] impatient, long[]? among, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(among is null ? FallBackAll : FallBackAmong);
        command.Parameters.Add(new() { Value = impatient.Select(kind => kind.Name).ToArray() });
        command.Parameters.Add(new() { Value = impatient.Select(kind => string.Join(',', kind.Channels)).ToArray() });
        command.Parameters.Add(new() { Value = impatient.Select(kind => kind.FallBackAfter!.Value).ToArray() });
        command.Parameters.Add(new() { Value = among ?? putAside.Now });
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // Dispatch judges the new message by its subject as it then is, so a change that comes in between is no harm.
    private static string FallBack(bool among) => $"""
        WITH queued AS (
            {NextChannel.Message}
            FROM unnest($1, $2, $3) AS k (kind, channels, after)
            JOIN reminders.outbox m ON m.kind = k.kind
            JOIN reminders.occurrence o ON o.id = m.occurrence_id
            JOIN reminders.subject s ON s.id = o.subject_id
            {NextChannel.Choice}
            WHERE m.state = 'uncertain' AND m.operation = 'send' AND o.has_buttons AND m.id {(among ? "= ANY" : "<> ALL")} ($4)
              AND m.settled_at <= now() - k.after AND m.useful_until > now()
              AND reminders.unwanted(o, s) IS NULL
              AND NOT EXISTS (SELECT FROM reminders.press p WHERE p.message_id = m.id AND p.effect <> 'NotYours')
              AND NOT EXISTS (SELECT FROM reminders.outbox n WHERE n.occurrence_id = m.occurrence_id AND n.channel = next.channel)
            ORDER BY m.id
            ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
            RETURNING 1),
        woken AS (SELECT pg_notify('reminders_outbox', '') FROM (SELECT FROM queued LIMIT 1) t)
        SELECT (SELECT count(*) FROM queued) + 0 * (SELECT count(*) FROM woken)
        """;

    private static string Reap(bool among) => $"""
        WITH lost AS MATERIALIZED (
            SELECT m.id, m.lease_token, m.claimed_at, m.send_started_at, m.leased_by, o.subject_id, o.has_buttons,
                   CASE WHEN m.send_started_at IS NULL THEN 'pending'
                        WHEN m.operation = 'edit' THEN 'retry'
                        WHEN m.provider_message_id IS NOT NULL OR m.proven THEN 'sent' -- an answer has proved it
                        WHEN m.kind || '/' || m.channel = ANY ($1) THEN 'dead'
                        ELSE 'uncertain' END AS next
            FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
            WHERE m.state = 'sending' AND m.lease_until <= now() AND m.id {(among ? "= ANY" : "<> ALL")} ($3)
            ORDER BY m.lease_until, m.id LIMIT $2 FOR UPDATE OF m SKIP LOCKED),
        freed AS (
            UPDATE reminders.outbox m
            SET state = l.next, lease_until = NULL, lease_token = m.lease_token + 1,
                -- What never began keeps its place: it has waited longer than what came while its node was lost.
                due_at = CASE WHEN l.next = 'retry' THEN clock_timestamp() ELSE m.due_at END,
                attempts = m.attempts + CASE WHEN l.send_started_at IS NULL THEN 0 ELSE 1 END,
                send_started_at = CASE WHEN l.next IN ('pending', 'retry') THEN NULL ELSE m.send_started_at END,
                settled_at = CASE WHEN l.next IN ('dead', 'uncertain', 'sent') THEN clock_timestamp() END,
                reason = CASE WHEN l.next = 'pending' THEN m.reason
                              ELSE 'the node ' || l.leased_by || ' was lost while sending' END
            FROM lost l WHERE m.id = l.id
            RETURNING m.*, l.next),
        tried AS (
            INSERT INTO reminders.attempt (message_id, lease_token, node, claimed_at, started_at, outcome, detail)
            SELECT id, lease_token, leased_by, claimed_at, send_started_at,
                   CASE WHEN send_started_at IS NULL THEN 'not begun' ELSE 'lease lost' END,
                   CASE WHEN send_started_at IS NOT NULL THEN 'no outcome was recorded' END
            FROM lost
            ON CONFLICT DO NOTHING),
        resent AS (
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, number, state, due_at, useful_until)
            SELECT occurrence_id, kind, recipient_id, channel, 'send', number + 1, 'pending', now(), useful_until
            FROM freed WHERE next = 'dead'
            ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING),
        edited AS (
            -- Proved by a press, and the press changed what it should show.
            {EditOf.Message}
            FROM freed m
            JOIN reminders.occurrence o ON o.id = m.occurrence_id
            JOIN reminders.subject s ON s.id = o.subject_id
            WHERE m.stale AND m.next = 'sent' AND m.operation = 'send' AND m.provider_message_id IS NOT NULL
            ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING),
        told AS (
            INSERT INTO reminders.event (subject_id, name, cause)
            SELECT subject_id, 'reminder_held', 'message ' || id || ': ' || leased_by || ' was lost while sending'
            FROM lost WHERE next = 'uncertain' AND has_buttons
            RETURNING 1),
        woken AS (
            SELECT pg_notify('reminders_outbox', '') FROM (SELECT FROM lost WHERE next <> 'uncertain' LIMIT 1) t)
        SELECT (SELECT count(*) FROM freed), (SELECT count(*) FROM told), (SELECT count(*) FROM woken)
        """;

    [LoggerMessage(3010, LogLevel.Error, "Message {MessageId} cannot be taken from where its node left it ({SqlState} {Reason}) and is left alone for {Rest}")]
    private partial void LogUnfreeable(long messageId, TimeSpan rest, string sqlState, string reason);

    [LoggerMessage(3011, LogLevel.Error, "Occurrence {OccurrenceId} waits past its use and cannot be skipped ({SqlState} {Reason}); it is left alone for {Rest}")]
    private partial void LogUnskippable(long occurrenceId, TimeSpan rest, string sqlState, string reason);
}
