-- Writes what is held in doubt, unanswered for as long as its kind ($1, $3) allows and still wanted, to the next of its
-- channels $2. Dispatch judges the new message by its subject as it then is, so a change that comes in between is no
-- harm.
--
-- Plan: outbox_held holds only what is in doubt, which operators see to and is few.
WITH queued AS (
    /* include Outbox/Sql/next-channel.sql */
    FROM unnest($1::text[], $2::text[], $3::interval[]) AS k (kind, channels, after)
    JOIN reminders.outbox m ON m.kind = k.kind
    JOIN reminders.occurrence o ON o.id = m.occurrence_id
    JOIN reminders.subject s ON s.id = o.subject_id
    /* include Outbox/Sql/next-channel-choice.sql */
    WHERE m.queue = 'held' AND m.operation = 'send' AND o.has_buttons AND m.id /* if among */ = ANY /* else */ <> ALL /* end */ ($4)
      AND m.settled_at <= now() - k.after AND m.useful_until > now()
      AND reminders.unwanted(o, s) IS NULL
      AND NOT EXISTS (SELECT FROM reminders.press p WHERE p.message_id = m.id AND p.effect <> 'NotYours')
      AND NOT EXISTS (SELECT FROM reminders.outbox n WHERE n.occurrence_id = m.occurrence_id AND n.channel = next.channel)
    ORDER BY m.id
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
    RETURNING 1),
woken AS (SELECT pg_notify('reminders_outbox', '') FROM (SELECT FROM queued LIMIT 1) t)
SELECT (SELECT count(*) FROM queued) + 0 * (SELECT count(*) FROM woken)
