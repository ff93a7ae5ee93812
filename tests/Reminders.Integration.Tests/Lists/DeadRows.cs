namespace Reminders.Integration.Tests.Lists;

/// <summary>More of the dead than a page looks through, which have died before everything else: of one subject, a version each.</summary>
internal static class DeadRows
{
    /// <summary>$2 of the kind $1, about any subject that there is, the last of which died last. Says how many.</summary>
    public const string Add = """
        WITH o AS (
            INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                planned_by, fired_at)
            SELECT $1, p.subject_id, n, p.recipient_id, 'fired', '{}', '', now(), now() + interval '1 hour', 'test', now()
            FROM (SELECT subject_id, recipient_id FROM reminders.party WHERE role = 'candidate' LIMIT 1) p, generate_series(1, $2) n
            RETURNING id, recipient_id, version, kind),
        m AS (
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until,
                created_at, settled_at, reason)
            SELECT id, kind, recipient_id, 'telegram', 'send', 'dead', now(), now() + interval '1 hour', now(),
                   clock_timestamp() - interval '1 hour' + version * interval '1 millisecond', 'made up: one of very many'
            FROM o RETURNING 1)
        SELECT count(*) FROM m
        """;

    /// <summary>
    /// Nobody else's look has to go through them. Their occurrences stay, as in the product: nothing is indexed for deleting those, and
    /// each would have the whole ledger read for it.
    /// </summary>
    public const string Remove = """
        WITH gone AS (DELETE FROM reminders.outbox WHERE kind IN ('MANY_DEAD', 'FEW_DEAD') RETURNING 1) SELECT count(*) FROM gone
        """;
}
