using Reminders.Planning;
using Reminders.Recipients;
using Reminders.Storage;

namespace Reminders.Cli.Doctor;

/// <summary>What the tables say about reminders: late, doubled, in doubt, orphaned.</summary>
internal static class LedgerChecks
{
    // The reconciler gives Quartz two seconds and looks every second.
    private const string Overdue = "interval '10 seconds'";

    public static async Task<Finding> OverdueAsync(Database database, CancellationToken cancellationToken)
    {
        var late = await database.CountAsync($"SELECT count(*) FROM reminders.occurrence WHERE state = 'planned' AND due_at < now() - {Overdue}", cancellationToken);
        return late == 0
            ? Finding.Good("firing", "nothing is overdue.")
            : Finding.Bad("firing", $"{late} reminders are overdue by more than 10 seconds: is a node running, and its clock right?");
    }

    public static async Task<Finding> TriggersAsync(Database database, CancellationToken cancellationToken)
    {
        // A node restores its kinds' jobs at start, and missing triggers every five seconds.
        var rows = await database.ReadAsync($"""
            SELECT u.kind, u.due_second FROM quartz.untriggered u
            WHERE u.due_second > now() AND EXISTS (
                SELECT FROM reminders.instant i WHERE i.kind = u.kind AND i.due_second = u.due_second AND i.created_at < now() - {Overdue})
            """, reader => reader.GetString(0), cancellationToken);
        var triggers = await database.CountAsync("SELECT count(*) FROM quartz.triggers", cancellationToken);
        return rows.Count == 0
            ? Finding.Good("triggers", $"Quartz holds {triggers}, and every planned reminder's instant has one.")
            : Finding.Attention("triggers", $"{rows.Count} instants have no Quartz trigger ({string.Join(", ", rows.Distinct())}): the reconciler of any running node puts them back.");
    }

    public static async Task<Finding> DuplicatesAsync(Database database, CancellationToken cancellationToken)
    {
        var ledger = await database.CountAsync("SELECT count(*) FROM reminders.duplicate_in_ledger", cancellationToken);
        var outbox = await database.CountAsync("SELECT count(*) FROM reminders.duplicate_in_outbox", cancellationToken);
        return ledger + outbox == 0
            ? Finding.Good("duplicates", "none, in the ledger and in the outbox.")
            : Finding.Bad("duplicates", $"{ledger} in the ledger, {outbox} in the outbox: see the views reminders.duplicate_in_ledger and reminders.duplicate_in_outbox.");
    }

    public static async Task<IReadOnlyList<Finding>> WaitingForPeopleAsync(Database database, CancellationToken cancellationToken)
    {
        var held = await database.CountAsync("SELECT count(*) FROM reminders.outbox WHERE state = 'uncertain'", cancellationToken);
        var dead = await database.CountAsync("SELECT count(*) FROM reminders.outbox WHERE state = 'dead' AND settled_at > now() - interval '7 days'", cancellationToken);
        var failed = await database.CountAsync("SELECT count(*) FROM reminders.inbound_update WHERE state = 'failed'", cancellationToken);
        return
        [
            Some("held", held, "messages may or may not have arrived: outbox list, then settle or resend."),
            Some("dead", dead, "messages of the last 7 days were given up: outbox list --state dead, then replay."),
            Some("answers", failed, "incoming updates could not be handled: see reminders.inbound_update, state failed."),
        ];

        static Finding Some(string about, long count, string says) =>
            count == 0 ? Finding.Good(about, "none.") : Finding.Attention(about, $"{count} {says}");
    }

    /// <summary>What waits because a time in it would be guessed: the node does not know the zone, or PostgreSQL does not.</summary>
    public static async Task<Finding> ZonesAsync(Database database, CancellationToken cancellationToken)
    {
        var waiting = await database.ReadAsync($"""
            WITH untold AS (
                SELECT m.id, a.detail FROM reminders.outbox m
                JOIN LATERAL (SELECT outcome, detail FROM reminders.attempt WHERE message_id = m.id ORDER BY lease_token DESC LIMIT 1) a ON true
                WHERE m.state IN ('pending', 'retry') AND a.outcome = '{ZoneAgreement.Outcome}'
                UNION
                SELECT m.id, format('PostgreSQL does not know the time zone ''%s'', so nobody can tell when quiet hours end', r.zone)
                FROM reminders.recipient r JOIN reminders.outbox m ON m.recipient_id = r.id
                WHERE m.state IN ('pending', 'retry') AND r.quiet_from IS NOT NULL AND reminders.local_time(r.zone, now()) IS NULL)
            SELECT count(DISTINCT id), string_agg(DISTINCT detail, '; ') FROM untold
            """, reader => (Count: reader.GetInt64(0), Why: reader.IsDBNull(1) ? "" : reader.GetString(1)), cancellationToken);
        return waiting[0] is { Count: > 0 } some
            ? Finding.Bad("zones", $"{some.Count} {(some.Count == 1 ? "message waits" : "messages wait")}, since their times would be guessed: {some.Why}. Bring the time zone data up to date.")
            : Finding.Good("zones", "every waiting message's times can be told.");
    }

    public static async Task<IReadOnlyList<Finding>> ChannelsAsync(Database database, CancellationToken cancellationToken) =>
        await database.ReadAsync("""
            SELECT name, broken_since, coalesce(pause_reason, '') FROM reminders.channel
            WHERE broken_since IS NOT NULL OR paused_until > now() ORDER BY name
            """,
            reader => reader.IsDBNull(1)
                ? Finding.Attention("channel", $"{reader.GetString(0)} is paused for a moment: {reader.GetString(2)}")
                : Finding.Bad("channel", $"{reader.GetString(0)} has been broken since {PlainTable.Show(reader.GetFieldValue<DateTimeOffset>(1))}: {reader.GetString(2)} Its queue is kept."),
            cancellationToken);

    /// <summary>A kind that left the settings leaves its reminders behind: nobody fires or claims them.</summary>
    public static async Task<Finding> KindsAsync(Database database, KindCatalog kinds, CancellationToken cancellationToken)
    {
        var orphans = await database.ReadAsync("""
            SELECT kind, count(*) FROM (
                SELECT kind FROM reminders.occurrence WHERE state IN ('planned', 'waiting')
                UNION ALL
                SELECT kind FROM reminders.outbox WHERE state IN ('pending', 'retry', 'sending', 'uncertain')) open
            WHERE kind <> ALL ($1) GROUP BY kind ORDER BY kind
            """, reader => $"{reader.GetString(0)} ({reader.GetInt64(1)})", cancellationToken, [kinds.Kinds.Keys.ToArray()]);
        return orphans.Count == 0
            ? Finding.Good("kinds", "everything open is of a configured kind.")
            : Finding.Bad("kinds", $"are open but not configured any more, so nobody sends them: {string.Join(", ", orphans)}. Put them back under Kinds.");
    }
}
