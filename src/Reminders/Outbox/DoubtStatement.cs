using Npgsql;
using Reminders.Settings;

namespace Reminders.Outbox;

/// <summary>
/// Counts what was not answered, over the cluster: a few in a row, to more than one recipient and with nothing delivered
/// between, are the channel's trouble and not each message's (rule 10). Then it rests, and what is in doubt by then is one
/// incident. One recipient alone, whose calls hang, is theirs.
/// </summary>
internal static class DoubtStatement
{
    /// <summary>Who it went to is kept for choosing somebody else to probe with; beyond a few it makes no difference.</summary>
    private const int Remembered = 20;

    /// <summary>
    /// A server that greets and then hangs after the dot is well whenever it is asked: each message that finds out is in doubt, so
    /// they are risked that much further apart than calls that send nothing.
    /// </summary>
    private const int Dearer = 6;

    /// <summary>Null when everything was answered. In the order in which the outcomes came: a delivery ends the run before it.</summary>
    public static NpgsqlBatchCommand? For(SchemaNames names, string channel, IReadOnlyList<Settlement> settlements, OutboxOptions options)
    {
        var run = settlements.Reverse().TakeWhile(s => s.State != MessageState.Sent).Where(s => s.Unanswered).ToArray();
        if (run.Length == 0)
            return null;
        var command = names.BatchCommand(Count);
        command.Parameters.Add(new() { Value = channel });
        command.Parameters.Add(new() { Value = run.Length });
        command.Parameters.Add(new() { Value = run.Select(s => s.Message.Address).Distinct().ToArray() });
        command.Parameters.Add(new() { Value = run.Min(s => s.Message.StartedAt) });
        command.Parameters.Add(new() { Value = run[0].Detail ?? run[0].Outcome });
        command.Parameters.Add(new() { Value = options.DoubtsUntilRest });
        command.Parameters.Add(new() { Value = options.RestBase });
        command.Parameters.Add(new() { Value = options.RestCap * Dearer });
        command.Parameters.Add(new() { Value = run.Any(s => s.Message.Probe) });
        command.Parameters.Add(new() { Value = Remembered });
        return command;
    }

    /// <summary>How long a channel that rests waits for its next probe: doubled with each in vain, from a first wait up to a cap.</summary>
    public static string Wait(string probes, string first, string cap) => $"least({first} * power(2, least({probes}, 20)), {cap})";

    private static readonly string Count = $$"""
        WITH run AS MATERIALIZED (
            SELECT c.name, c.rests_since, c.probes, c.doubts + $2 AS doubts, d.doubted,
                   c.rests_since IS NULL AND $6 > 0 AND c.doubts + $2 >= $6 AND cardinality(d.doubted) >= least($6, 2) AS begins
            FROM reminders.channel c
            CROSS JOIN LATERAL (SELECT (array_agg(DISTINCT x))[1:$10] AS doubted FROM unnest(c.doubted || $3) x) d
            WHERE c.name = $1 FOR UPDATE OF c),
        counted AS (
            UPDATE reminders.channel c
            SET doubts = r.doubts, doubted = r.doubted, doubts_since = coalesce(c.doubts_since, $4),
                rests_since = CASE WHEN r.begins THEN clock_timestamp() ELSE c.rests_since END,
                -- The probe was in vain: before another message goes, the channel has to be heard again.
                answered_at = CASE WHEN r.begins OR $9 THEN NULL ELSE c.answered_at END,
                probes = CASE WHEN r.begins THEN 0 WHEN $9 AND r.rests_since IS NOT NULL THEN c.probes + 1 ELSE c.probes END,
                paused_until = CASE WHEN r.begins OR $9 AND r.rests_since IS NOT NULL
                                    THEN greatest(c.paused_until, clock_timestamp() + {{Wait("CASE WHEN r.begins THEN 0 ELSE r.probes + 1 END", "$7", "$8")}})
                                    ELSE c.paused_until END,
                pause_reason = CASE WHEN r.begins OR $9 THEN $5 ELSE c.pause_reason END
            FROM run r WHERE c.name = r.name
            RETURNING c.doubts_since),
        listed AS (
            INSERT INTO reminders.incident (channel, began_at, reason)
            SELECT $1, c.doubts_since, $5 FROM run r CROSS JOIN counted c WHERE r.begins
            ON CONFLICT DO NOTHING)
        SELECT coalesce(bool_or(begins), false) FROM run
        """;
}
