-- Up to $1 events that are due, under a lease of $2: of each subject its first, so that they arrive in their order. While the receiver $3
-- is gone, none.
--
-- Plan: webhook_event_due from its beginning; who came before by webhook_event_of_subject.
WITH due AS MATERIALIZED (
    SELECT e.id
    FROM reminders.webhook_event e
    WHERE e.died_at IS NULL AND e.due_at <= clock_timestamp()
      AND NOT EXISTS (SELECT FROM reminders.webhook WHERE gone_endpoint = $3)
      AND NOT EXISTS (SELECT FROM reminders.webhook_event b WHERE b.subject_id = e.subject_id AND b.id < e.id AND b.died_at IS NULL)
    ORDER BY e.due_at, e.id LIMIT $1 FOR UPDATE OF e SKIP LOCKED),
taken AS (
    UPDATE reminders.webhook_event e SET lease = e.lease + 1, due_at = clock_timestamp() + $2::interval
    FROM due WHERE e.id = due.id
    RETURNING e.*)
SELECT t.id, t.lease, t.attempts, t.event_id, t.type, t.occurred_at, s.type, s.key, s.owner, t.version, t.kind, r.reference,
       nullif(t.message_id, 0), t.channel, t.answer, t.status, t.way, t.reason
FROM taken t
JOIN reminders.subject s ON s.id = t.subject_id
LEFT JOIN reminders.recipient r ON r.id = t.recipient_id
ORDER BY t.id
