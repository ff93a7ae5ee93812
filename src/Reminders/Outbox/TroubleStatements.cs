using Npgsql;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>
/// What an attempt taught about its channel or its recipient, written in the settling transaction, so that the whole
/// cluster knows it at once and still knows it after a restart (rules 9 and 10). None of these returns rows.
/// </summary>
internal static class TroubleStatements
{
    public static IEnumerable<NpgsqlBatchCommand> For(SchemaNames names, string channel, IReadOnlyList<Settlement> settlements)
    {
        foreach (var group in settlements.Where(s => s.ChannelTrouble is not null).GroupBy(s => s.ChannelTrouble!.Value.Broken))
        {
            var worst = group.Select(s => s.ChannelTrouble!.Value).MaxBy(trouble => trouble.Pause);
            yield return PauseChannel(names, channel, worst);
        }
        if (settlements.Where(s => s.State == MessageState.Sent).Max(s => (DateTimeOffset?)s.Message.StartedAt) is { } sent
            && !settlements.Any(s => s.ChannelTrouble is { Broken: true }))
            yield return Command(names, """
                UPDATE reminders.channel
                SET broken_since = NULL, pause_reason = CASE WHEN broken_since IS NULL THEN pause_reason END,
                    sent_since = sent_since OR coalesce(throttled_at < $2, false)
                WHERE name = $1 AND (broken_since IS NOT NULL OR NOT sent_since AND throttled_at < $2)
                """, channel, sent);
        foreach (var settlement in settlements)
        {
            if (settlement.RecipientTrouble is not { } trouble)
                continue;
            if (trouble.Pause is { } pause)
                yield return Command(names, """
                    INSERT INTO reminders.throttle AS t (channel, address, next_at) VALUES ($1, $2, clock_timestamp() + $3)
                    ON CONFLICT (channel, address) DO UPDATE SET next_at = greatest(t.next_at, excluded.next_at)
                    """, channel, settlement.Message.Address, pause);
            if (trouble.Unreachable)
                yield return MarkUnreachable(names, channel, settlement, trouble);
        }
    }

    private static NpgsqlBatchCommand PauseChannel(SchemaNames names, string channel, ChannelTrouble trouble) => Command(names, """
        INSERT INTO reminders.channel AS c (name, paused_until, pause_reason, broken_since, throttled_at)
        VALUES ($1, clock_timestamp() + $2, $3, CASE WHEN $4 THEN clock_timestamp() END, CASE WHEN NOT $4 THEN clock_timestamp() END)
        ON CONFLICT (name) DO UPDATE
        SET paused_until = greatest(c.paused_until, excluded.paused_until), pause_reason = excluded.pause_reason,
            broken_since = coalesce(c.broken_since, excluded.broken_since),
            throttled_at = coalesce(excluded.throttled_at, c.throttled_at), sent_since = $4 AND c.sent_since
        """, channel, trouble.Pause, trouble.Reason, trouble.Broken);

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
            command.Parameters.Add(value is DBNull ? new() { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } : new() { Value = value });
        return command;
    }
}
