-- What the transaction that is open has written about the subject $1, in the order in which people meet it: for a page that says what an
-- action would do, by doing it and taking it back.
--
-- Plan: the occurrences of one subject, and their messages, by the prefix of their identities.
WITH theirs AS MATERIALIZED (
    SELECT o.*, o.xmin = pg_current_xact_id()::xid AS written, r.name, r.zone AS their_zone
    FROM reminders.occurrence o JOIN reminders.recipient r ON r.id = o.recipient_id WHERE o.subject_id = $1),
messages AS MATERIALIZED (
    SELECT m.*, t.name, t.their_zone FROM theirs t CROSS JOIN LATERAL (
        SELECT * FROM reminders.outbox x WHERE x.occurrence_id = t.id AND x.xmin = pg_current_xact_id()::xid OFFSET 0) m)
SELECT CASE state WHEN 'planned' THEN 'planned' WHEN 'cancelled' THEN 'dropped' ELSE 'skipped' END AS what,
       kind, name, their_zone, due_at, NULL::text AS channel, NULL::bigint AS message, reason, NULL::integer AS copy
FROM theirs WHERE written AND state IN ('planned', 'cancelled', 'skipped', 'waiting')
UNION ALL
SELECT CASE WHEN operation = 'edit' THEN 'edited'
            WHEN stale THEN 'edited later'
            WHEN state = 'cancelled' THEN 'unsent'
            WHEN state = 'sent' THEN 'sent'
            WHEN state = 'dead' THEN 'dead'
            ELSE 'queued' END,
       kind, name, their_zone, due_at, channel, coalesce(target_id, id), reason, number
FROM messages WHERE operation = 'send' OR state = 'pending'
ORDER BY 5, 1
