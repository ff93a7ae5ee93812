-- The next event of the types $1 that the app is to hear of, locked: the oldest that is due, and of one subject the first. While a node
-- tells one, the next of the same subject waits for it; all others go on. A type that nobody here handles holds up none that somebody does.
--
-- Plan: app_event_due from its beginning; who came before by app_event_of_subject.
SELECT e.id, e.attempts, e.event_id, e.type, e.occurred_at, s.type, s.key, s.owner, e.version, e.kind, r.reference,
       nullif(e.message_id, 0), e.channel, e.answer, e.status, e.way, e.reason
FROM reminders.app_event e
JOIN reminders.subject s ON s.id = e.subject_id
LEFT JOIN reminders.recipient r ON r.id = e.recipient_id
WHERE e.died_at IS NULL AND e.due_at <= clock_timestamp() AND e.type = ANY ($1)
  AND NOT EXISTS (
      SELECT FROM reminders.app_event b
      WHERE b.subject_id = e.subject_id AND b.id < e.id AND b.died_at IS NULL AND b.type = ANY ($1))
ORDER BY e.due_at, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED
