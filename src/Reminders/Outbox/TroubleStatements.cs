using Npgsql;
using NpgsqlTypes;
using Reminders.Nodes;
using Reminders.Settings;

namespace Reminders.Outbox;

/// <summary>
/// What an attempt taught about its channel or its recipient, written in the settling transaction, so that the whole
/// cluster knows it at once and still knows it after a restart (rules 9 and 10). None of these returns rows.
/// </summary>
internal static class TroubleStatements
{
    public static IEnumerable<NpgsqlBatchCommand> For(SchemaNames names, string channel, IReadOnlyList<Settlement> settlements)
    {
        foreach (var group in settlements.Where(s => s.ChannelTrouble is not null).GroupBy(s => s.ChannelTrouble!.Value.Kind))
            yield return Trouble(names, channel, group.MaxBy(s => s.ChannelTrouble!.Value.Pause)!);
        if (settlements.Where(s => s.State == MessageState.Sent).Max(s => (DateTimeOffset?)s.Message.StartedAt) is { } sent
            && !settlements.Any(s => s.ChannelTrouble is { Kind: ChannelTroubleKind.Broken }))
            yield return Command(names, """
                UPDATE reminders.channel
                SET broken_since = NULL, pause_reason = CASE WHEN broken_since IS NULL THEN pause_reason END,
                    sent_since = sent_since OR coalesce(throttled_at < $2, false),
                    doubts = CASE WHEN rests_since IS NULL THEN 0 ELSE doubts END,
                    doubted = CASE WHEN rests_since IS NULL THEN '{}' ELSE doubted END,
                    doubts_since = CASE WHEN rests_since IS NULL THEN NULL ELSE doubts_since END
                WHERE name = $1 AND (broken_since IS NOT NULL OR NOT sent_since AND throttled_at < $2 OR doubts > 0 AND rests_since IS NULL)
                """, channel, sent);
        // In one order on every node, so that two of them cannot wait for each other.
        foreach (var settlement in settlements.Where(s => s.RecipientTrouble is not null).OrderBy(s => s.Message.Address, StringComparer.Ordinal))
        {
            var trouble = settlement.RecipientTrouble!.Value;
            if (trouble.Pause is { } pause)
                yield return PauseRecipient(names, channel, settlement.Message.Address, pause, trouble.Reason);
            if (trouble.Unreachable)
                yield return MarkUnreachable(names, channel, settlement, trouble);
        }
        if (settlements.Any(s => s.Message.Probe))
        {
            if (settlements.Any(s => s.Message.Probe && s.State == MessageState.Sent))
                yield return EndRest(names, channel);
            yield return Command(names, """
                UPDATE reminders.channel SET probe_id = NULL, probe_until = NULL WHERE name = $1 AND probe_id = ANY ($2)
                """, channel, settlements.Where(s => s.Message.Probe).Select(s => s.Message.Claim.Id).ToArray());
            // The nodes have waited for this outcome.
            yield return names.BatchCommand($"NOTIFY {names.Channel(Signals.OutboxChannel)}");
        }
    }

    /// <summary>The recipient waits, on every node.</summary>
    /// <param name="reason">Shown to operators.</param>
    public static NpgsqlBatchCommand PauseRecipient(SchemaNames names, string channel, string address, TimeSpan pause, string reason) => Command(names, """
        INSERT INTO reminders.throttle AS t (channel, address, next_at, reason) VALUES ($1, $2, clock_timestamp() + $3, $4)
        ON CONFLICT (channel, address) DO UPDATE SET next_at = greatest(t.next_at, excluded.next_at), reason = excluded.reason
        """, channel, address, pause, reason);

    private static NpgsqlBatchCommand Trouble(SchemaNames names, string channel, Settlement settlement)
    {
        var trouble = settlement.ChannelTrouble!.Value;
        return trouble.Kind switch
        {
            ChannelTroubleKind.Broken => Command(names, """
                INSERT INTO reminders.channel AS c (name, paused_until, pause_reason, broken_since)
                VALUES ($1, clock_timestamp() + $2, $3, clock_timestamp())
                ON CONFLICT (name) DO UPDATE
                SET paused_until = greatest(c.paused_until, excluded.paused_until), pause_reason = excluded.pause_reason,
                    broken_since = coalesce(c.broken_since, excluded.broken_since)
                """, channel, trouble.Pause, trouble.Reason),
            ChannelTroubleKind.Limited => Command(names, """
                INSERT INTO reminders.channel AS c (name, paused_until, pause_reason, throttled_at)
                VALUES ($1, clock_timestamp() + $2, $3, clock_timestamp())
                ON CONFLICT (name) DO UPDATE
                SET paused_until = greatest(c.paused_until, excluded.paused_until), pause_reason = excluded.pause_reason,
                    throttled_at = excluded.throttled_at, throttled_address = NULL, sent_since = false
                """, channel, trouble.Pause, trouble.Reason),
            // Whose limit it is stays one question however many meet a 429 before it is answered: they had left by then.
            ChannelTroubleKind.Asked => Command(names, """
                INSERT INTO reminders.channel AS c (name, pause_reason, throttled_at, throttled_address)
                VALUES ($1, $2, clock_timestamp(), $3)
                ON CONFLICT (name) DO UPDATE
                SET pause_reason = excluded.pause_reason, throttled_at = excluded.throttled_at,
                    throttled_address = excluded.throttled_address, sent_since = false
                WHERE c.throttled_at IS NULL OR c.sent_since
                """, channel, trouble.Reason, settlement.Message.Address),
            ChannelTroubleKind.AskedAgain => Command(names, """
                UPDATE reminders.channel c
                SET paused_until = CASE WHEN again THEN greatest(c.paused_until, clock_timestamp() + $2) ELSE c.paused_until END,
                    pause_reason = $3, sent_since = false,
                    throttled_at = CASE WHEN open AND NOT again THEN c.throttled_at ELSE clock_timestamp() END,
                    throttled_address = CASE WHEN open THEN c.throttled_address ELSE $4 END
                FROM (SELECT x.name, x.open, x.open AND x.throttled_address IS DISTINCT FROM $4 AS again
                      FROM (SELECT name, throttled_address, throttled_at IS NOT NULL AND NOT sent_since AS open
                            FROM reminders.channel WHERE name = $1 FOR UPDATE) x) asked
                WHERE c.name = asked.name
                """, channel, trouble.Pause, trouble.Reason, settlement.Message.Address),
            _ => throw new ArgumentOutOfRangeException(nameof(settlement), trouble.Kind, "Not a trouble."),
        };
    }

    private static NpgsqlBatchCommand EndRest(SchemaNames names, string channel) => Command(names, """
        WITH over AS (
            UPDATE reminders.incident i SET ended_at = clock_timestamp()
            FROM reminders.channel c WHERE c.name = $1 AND c.rests_since IS NOT NULL AND i.channel = c.name AND i.ended_at IS NULL)
        UPDATE reminders.channel
        SET rests_since = NULL, answered_at = NULL, probes = 0, doubts = 0, doubted = '{}', doubts_since = NULL, pause_reason = NULL
        WHERE name = $1 AND rests_since IS NOT NULL
        """, channel);

    // A group that became a supergroup is the same recipient at a new address; the guard on the old one keeps a late
    // answer from undoing a /start that came meanwhile.
    private static NpgsqlBatchCommand MarkUnreachable(SchemaNames names, string channel, Settlement settlement, RecipientTrouble trouble) => Command(names, """
        UPDATE reminders.address a
        SET state = CASE WHEN $4::text IS NULL THEN 'unreachable' ELSE 'reachable' END,
            address = coalesce($4, a.address), reason = $5, changed_at = clock_timestamp()
        FROM reminders.outbox m
        WHERE m.id = $1 AND a.recipient_id = m.recipient_id AND a.channel = $2 AND a.address = $3 AND a.changed_at < $6 AND a.state <> 'opted_out'
        """, settlement.Message.Claim.Id, channel, settlement.Message.Address, (object?)trouble.MigratedTo ?? DBNull.Value, trouble.Reason,
        // Not the row's own send_started_at: settling has just emptied that for another try.
        settlement.Message.StartedAt);

    private static NpgsqlBatchCommand Command(SchemaNames names, string sql, params object[] values)
    {
        var command = names.BatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is DBNull ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text } : new() { Value = value });
        return command;
    }
}
