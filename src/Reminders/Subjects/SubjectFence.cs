using Npgsql;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Storage;

namespace Reminders.Subjects;

/// <summary>
/// Brings everything about a subject in line with the subject as it now is. Called in the transaction that changed it,
/// after the change: whatever is no longer wanted and has not left a node is cancelled, what is in flight or in doubt is
/// marked, and what was delivered with buttons is edited.
/// <para>
/// Two orders make this race-free, both in READ COMMITTED. The subject's row is locked first, by the change itself, so
/// that changes and planning of one subject come one after another. Then occurrences, then messages, in one round trip but
/// each statement with a snapshot of its own: a firing or a start that held a row before us has committed by the time we get it, and the
/// next statement sees what it wrote; one that comes after us finds the row cancelled.
/// </para>
/// </summary>
internal static class SubjectFence
{
    /// <param name="by">Whose change it was, for the ledger.</param>
    public static async Task ApplyAsync(CommandTransaction db, long subjectId, string by, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(db.Connection);
        foreach (var takeBack in (string[])[CancelPlanned, CancelUnsentAndMark, LeaveOutOfDigest, CancelOlderEdits])
            batch.BatchCommands.Add(db.Names.BatchCommand(takeBack).With(subjectId, by));
        batch.BatchCommands.Add(db.Names.BatchCommand(EditDelivered).With(subjectId));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string Why = "reminders.unwanted(o, s)";

    private const string CancelPlanned = $"""
        UPDATE reminders.occurrence o
        SET state = 'cancelled', reason = {Why}, cancelled_at = clock_timestamp(), cancelled_by = $2
        FROM reminders.subject s
        WHERE s.id = $1 AND o.subject_id = s.id AND o.state IN ('planned', 'waiting') AND {Why} IS NOT NULL
        """;

    // A message that is claimed but not started has not left its node: it is cancelled like a pending one, and the new
    // lease token turns its claimer away.
    private const string CancelUnsentAndMark = $"""
        WITH affected AS MATERIALIZED (
            SELECT m.id, {Why} AS why, o.has_buttons,
                   m.state IN ('pending', 'retry') OR m.state = 'sending' AND m.send_started_at IS NULL AS unsent
            FROM reminders.subject s
            JOIN reminders.occurrence o ON o.subject_id = s.id
            JOIN reminders.outbox m ON m.occurrence_id = o.id
            WHERE s.id = $1 AND m.operation = 'send' AND o.digest_of IS NULL AND {Why} IS NOT NULL
              AND m.state IN ('pending', 'retry', 'sending', 'uncertain')
            ORDER BY m.id FOR UPDATE OF m)
        UPDATE reminders.outbox m
        SET state = CASE WHEN unsent THEN 'cancelled' ELSE m.state END,
            reason = CASE WHEN unsent THEN a.why ELSE m.reason END,
            lease_until = CASE WHEN unsent THEN NULL ELSE m.lease_until END,
            lease_token = CASE WHEN unsent THEN m.lease_token + 1 ELSE m.lease_token END,
            settled_at = CASE WHEN unsent THEN clock_timestamp() ELSE m.settled_at END,
            cancelled_by = CASE WHEN unsent THEN $2 END,
            stale = NOT unsent AND a.has_buttons AND reminders.can_edit(m.channel)
        FROM affected a
        WHERE m.id = a.id
        """;

    // A digest goes without it; one that is left with nothing is cancelled by the last look before its first byte.
    private const string LeaveOutOfDigest = $"""
        WITH unsent AS MATERIALIZED (
            SELECT m.id, m.occurrence_id
            FROM reminders.occurrence o JOIN reminders.outbox m ON m.occurrence_id = o.digest_of
            WHERE o.subject_id = $1 AND m.operation = 'send'
              AND (m.state IN ('pending', 'retry') OR m.state = 'sending' AND m.send_started_at IS NULL)
            ORDER BY m.id FOR UPDATE OF m)
        UPDATE reminders.occurrence o
        SET state = 'cancelled', reason = {Why}, cancelled_at = clock_timestamp(), cancelled_by = $2
        FROM reminders.subject s
        WHERE s.id = $1 AND o.subject_id = s.id AND o.state = 'fired' AND {Why} IS NOT NULL
          AND o.digest_of IN (SELECT occurrence_id FROM unsent)
        """;

    private const string CancelOlderEdits = """
        UPDATE reminders.outbox m
        SET state = 'cancelled', reason = 'a newer edit shows more', settled_at = clock_timestamp(),
            cancelled_by = $2, lease_until = NULL, lease_token = m.lease_token + 1
        FROM reminders.subject s JOIN reminders.occurrence o ON o.subject_id = s.id
        WHERE s.id = $1 AND m.occurrence_id = o.id AND m.operation = 'edit' AND m.revision < s.revision
          AND (m.state IN ('pending', 'retry') OR m.state = 'sending' AND m.send_started_at IS NULL)
        """;

    private const string EditDelivered = $"""
        {EditOf.Message}
        FROM reminders.subject s
        JOIN reminders.occurrence o ON o.subject_id = s.id
        JOIN reminders.outbox m ON m.occurrence_id = o.id
        WHERE s.id = $1 AND o.has_buttons AND {Why} IS NOT NULL AND reminders.can_edit(m.channel)
          AND m.operation = 'send' AND m.state = 'sent' AND m.provider_message_id IS NOT NULL
        ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
        """;
}
