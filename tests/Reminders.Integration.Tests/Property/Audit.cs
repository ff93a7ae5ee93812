namespace Reminders.Integration.Tests.Property;

/// <summary>What is asked of the database itself.</summary>
internal static class Audit
{
    /// <summary>
    /// A witness inside the start's own transaction: a function's statements see what has committed up to their own instant,
    /// so a send that begins for a version which is not current is written down, however short the race.
    /// </summary>
    public const string Install = """
        CREATE TABLE public.stale_start (message_id bigint, what text);
        CREATE FUNCTION public.witness() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO public.stale_start
            SELECT NEW.id, format('message %s of version %s began while the subject was %s at version %s', NEW.id, o.version, s.status,
                s.version)
            FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
            WHERE o.id = NEW.occurrence_id AND o.version <> s.version;
            RETURN NULL;
        END $$;
        CREATE TRIGGER witness AFTER UPDATE ON reminders.outbox FOR EACH ROW
            WHEN (NEW.operation = 'send' AND NEW.send_started_at IS NOT NULL AND OLD.send_started_at IS NULL) EXECUTE FUNCTION public.witness();
        -- When the loops had their last turn: what falls due after it is nobody's fault.
        CREATE TABLE public.turn (began timestamptz);
        INSERT INTO public.turn VALUES (now());
        """;

    /// <summary>True of every instant, whoever is in the middle of what.</summary>
    public const string Always = """
        SELECT what FROM public.stale_start
        UNION ALL
        SELECT format('occurrence %s has %s messages as number %s, revision %s over %s', occurrence_id, count(*), number, revision, channel)
        FROM reminders.outbox GROUP BY occurrence_id, channel, number, revision HAVING count(*) > 1
        UNION ALL
        SELECT format('subject %s has %s occurrences of %s for version %s', subject_id, count(*), kind, version)
        FROM reminders.occurrence GROUP BY subject_id, kind, version, recipient_id HAVING count(*) > 1
        UNION ALL
        SELECT format('occurrence %s has %s messages alive over %s', occurrence_id, count(*), channel)
        FROM reminders.outbox WHERE operation = 'send' AND state NOT IN ('dead', 'cancelled')
        GROUP BY occurrence_id, channel HAVING count(*) > 1
        UNION ALL
        SELECT format('occurrence %s fired and has no message', o.id)
        FROM reminders.occurrence o WHERE o.state = 'fired' AND NOT EXISTS (SELECT FROM reminders.outbox m WHERE m.occurrence_id = o.id)
        UNION ALL
        SELECT format('message %s is %s and nobody will look at it before %s', id, state, coalesce(due_at, lease_until))
        FROM reminders.outbox
        WHERE state IN ('pending', 'retry') AND due_at > now() + interval '1 minute' OR state = 'sending'
            AND lease_until > now() + interval '1 minute'
        UNION ALL
        SELECT format('message %s is being sent, and nobody would see the end of its lease', m.id)
        FROM reminders.outbox m
        WHERE m.state = 'sending' AND NOT EXISTS (SELECT FROM reminders.lease_end e WHERE m.id = ANY (e.messages))
        """;

    /// <summary>True once every loop has had its turns and nothing new came in: whatever stands must be final or in a person's
    /// sight.</summary>
    public const string AtRest = """
        SELECT format('message %s (%s) is still %s: %s', id, operation, state, reason)
        FROM reminders.outbox WHERE state IN ('pending', 'retry', 'sending')
        UNION ALL
        SELECT format('occurrence %s is due and still planned', id) FROM reminders.occurrence WHERE state = 'planned'
            AND due_at <= (SELECT began FROM public.turn)
        UNION ALL
        SELECT format('occurrence %s waits though its recipient is reachable', o.id)
        FROM reminders.occurrence o JOIN reminders.address a ON a.recipient_id = o.recipient_id
        WHERE o.state = 'waiting' AND a.state = 'reachable' AND (a.channel = 'telegram' OR o.kind = 'CONFIRM_2H')
        UNION ALL
        SELECT format('event %s of subject %s was not planned', name, subject_id) FROM reminders.event
        UNION ALL
        SELECT format('occurrence %s of version %s was neither told nor given up with a reason', o.id, o.version)
        FROM reminders.occurrence o WHERE o.state IN ('skipped', 'cancelled') AND o.reason IS NULL
        UNION ALL
        SELECT format('%s is %s at version %s, and its candidate was neither told nor is in doubt nor known to be missed', s.key,
            s.status, s.version)
        FROM reminders.subject s
        WHERE s.type = 'booking' AND s.status = 'approved' AND s.happens_at < now() + interval '119 minutes'
          AND NOT EXISTS (
              SELECT FROM reminders.occurrence o LEFT JOIN reminders.outbox m ON m.occurrence_id = o.id AND m.operation = 'send'
              WHERE o.subject_id = s.id AND o.kind = 'CONFIRM_2H' AND o.version = s.version
                AND (m.state IN ('sent', 'uncertain', 'dead') OR o.state IN ('skipped', 'waiting')))
        """;

    /// <summary>What every person who surely has a message with buttons should see on it by now.</summary>
    public const string Faces = """
        SELECT m.id, s.status, s.happens_at,
               CASE WHEN NOT EXISTS (SELECT FROM reminders.party p WHERE p.subject_id = s.id
                   AND p.recipient_id = o.recipient_id) THEN 'gone'
                    WHEN reminders.still_says_so(o.id) THEN 'current' ELSE 'replaced' END
        FROM reminders.outbox m
        JOIN reminders.occurrence o ON o.id = m.occurrence_id
        JOIN reminders.subject s ON s.id = o.subject_id
        WHERE m.operation = 'send' AND m.state = 'sent' AND o.has_buttons AND m.provider_message_id IS NOT NULL
          -- A letter stays as it was written.
          AND reminders.can_edit(m.channel)
          -- An edit that was given up is in an operator's sight.
          AND NOT EXISTS (SELECT FROM reminders.outbox e WHERE e.target_id = m.id AND e.state = 'dead')
        """;
}
