using Reminders.Storage;

namespace Reminders.People;

/// <summary>
/// What is taken away of a person ($1), table by table. The ledger's and the outbox's rows stay, with their kinds, times and
/// states: they say that something was told, not what, to whom or where. The folder's README lists what is kept and why.
/// Messages are found by the person's occurrences: a group of ten thousand would else be read through for one of them.
/// </summary>
internal static class ErasureStatements
{
    /// <summary>Stands where a text was.</summary>
    private const string Gone = "erased";

    /// <summary>Why what they had coming is cancelled ($3), by whoever asked ($2).</summary>
    public const string Reason = "erased";

    private const string OfTheirs = "occurrence_id IN (SELECT id FROM reminders.occurrence WHERE recipient_id = $1)";

    public const string LockSubjects = """
        SELECT FROM reminders.subject WHERE id IN (
            SELECT subject_id FROM reminders.party WHERE recipient_id = $1
            UNION SELECT subject_id FROM reminders.occurrence WHERE recipient_id = $1)
        ORDER BY id FOR NO KEY UPDATE
        """;

    public const string CancelPlanned = """
        UPDATE reminders.occurrence
        SET state = 'cancelled', reason = $3, cancelled_at = clock_timestamp(), cancelled_by = $2
        WHERE recipient_id = $1 AND state IN ('planned', 'waiting')
        """;

    public static readonly string CancelUnsent = Statement.Named("People/Sql/cancel-unsent.sql");

    public static readonly string CancelEdits = Statement.Named("People/Sql/cancel-edits.sql");

    // It is with the provider, and is settled as it turns out. It is never tried again, since it has no address any more, and
    // not edited either.
    public const string MarkUnderWay = $"""
        UPDATE reminders.outbox SET reason = 'erased_under_way', stale = false
        WHERE {OfTheirs} AND state = 'sending' AND send_started_at IS NOT NULL
        """;

    public static readonly string[] Forget =
    [
            // What was in doubt stays so in the ledger: it may have been told. Nobody is there to be asked.
            $"""
            UPDATE reminders.outbox SET
                reason = CASE WHEN reason IS NULL OR reason LIKE '{Reason}%' OR reason LIKE 'the recipient was erased%' OR state = 'sending'
                    THEN reason
                    ELSE 'erased_since' END,
                provider_message_id = NULL, stale = false
            WHERE {OfTheirs} AND (reason IS NOT NULL OR provider_message_id IS NOT NULL OR stale)
            """,
        $"""
            UPDATE reminders.attempt SET detail = NULL
            WHERE detail IS NOT NULL AND message_id IN (SELECT id FROM reminders.outbox WHERE {OfTheirs})
            """,
        $"""
            UPDATE reminders.press SET sender = '{Gone}', provider_id = '{Gone}'
            WHERE message_id IN (SELECT id FROM reminders.outbox WHERE {OfTheirs})
            """,
        $"""
            UPDATE reminders.operator_action SET reason = '{Gone}'
            WHERE message_id IN (SELECT id FROM reminders.outbox WHERE {OfTheirs})
            """,
        // What they were told as one of many is kept once (shared_data); retention takes it when nobody points to it any more.
        "UPDATE reminders.occurrence SET data = NULL, data_id = NULL WHERE recipient_id = $1 AND (data IS NOT NULL OR data_id IS NOT NULL)",
            // A slot is about its candidate: its title and place may name them. Of a recruiter only the name is in it.
            $$"""
            UPDATE reminders.subject s SET data = s.data || {{OfTheirPart}}
            FROM reminders.party p WHERE p.recipient_id = $1 AND p.subject_id = s.id AND s.type = 'booking'
            """,
            // And in what others read about it.
            $$"""
            UPDATE reminders.inbox_item i SET data = i.data || {{OfTheirPart}}
            FROM reminders.party p JOIN reminders.subject s ON s.id = p.subject_id JOIN reminders.occurrence o ON o.subject_id = s.id
            WHERE p.recipient_id = $1 AND s.type = 'booking' AND i.occurrence_id = o.id
            """,
        // What was said about other subjects goes where nobody else was told of it: there it can only be about this person.
        """
            UPDATE reminders.subject s SET data = '{}'
            WHERE s.type <> 'booking' AND s.data <> '{}'
              AND s.id IN (SELECT subject_id FROM reminders.occurrence WHERE recipient_id = $1)
              AND NOT EXISTS (SELECT FROM reminders.occurrence o WHERE o.subject_id = s.id AND o.recipient_id <> $1)
            """,
        "DELETE FROM reminders.inbox_item WHERE recipient_id = $1",
        "DELETE FROM reminders.access_token WHERE recipient_id = $1",
        "DELETE FROM reminders.group_member WHERE recipient_id = $1",
        """
            DELETE FROM reminders.throttle t USING reminders.address a
            WHERE a.recipient_id = $1 AND t.channel = a.channel AND t.address = a.address
            """,
        $"DELETE FROM reminders.inbound_update u WHERE {FromThem}",
        "DELETE FROM reminders.idempotency WHERE caller = 'user:' || $1",
        Statement.Named("People/Sql/erase-answers.sql"),
        Statement.Named("People/Sql/erase-audit.sql"),
        // The opt-out of an address is no part of the person: it outlives them, under the address's own hash.
        "DELETE FROM reminders.reply WHERE key IN (SELECT key FROM reminders.address WHERE recipient_id = $1)",
        "DELETE FROM reminders.address WHERE recipient_id = $1",
        "DELETE FROM reminders.preference WHERE recipient_id = $1",
        // Should a firing or a request that was under way still plan something: nobody wants it.
        "INSERT INTO reminders.preference (recipient_id, kind, channel, wanted) VALUES ($1, '*', '*', false)",
    ];

    private static string FromThem => Statement.Piece("People/Sql/from-them.sql");

    private const string OfTheirPart = $$"""
        jsonb_build_object(p.role, '{{Gone}}') || CASE WHEN p.role = 'candidate' THEN '{"title": "{{Gone}}", "place": ""}'::jsonb ELSE '{}' END
        """;

    public const string ErasePerson = $"""
        UPDATE reminders.recipient SET
            reference = 'erased:' || encode(identity, 'hex'), name = '{Gone}', locale = 'en', zone = 'UTC', quiet_from = NULL, quiet_to = NULL,
            start_code = replace(gen_random_uuid()::text, '-', ''), unsubscribe_code = replace(gen_random_uuid()::text, '-', ''),
            erased_at = coalesce(erased_at, clock_timestamp())
        WHERE id = $1
        RETURNING reference, erased_at
        """;
}
