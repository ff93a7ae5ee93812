-- The next answer that the app is to hear of, locked: the oldest that is due, and of one subject the first. While a node tells one, the
-- next of the same subject waits for it; all others go on.
--
-- Plan: answer_event_due from its beginning; who came before by answer_event_of_subject.
SELECT e.id, e.attempts, s.type, s.key, s.owner, e.version,
       -- A node of an older build writes what the answer made of it alone.
       coalesce(e.answer, CASE e.status WHEN 'confirmed' THEN 'confirm' WHEN 'declined' THEN 'decline' ELSE e.status END),
       e.status, e.way, e.answered_at, e.kind, r.reference
FROM reminders.answer_event e
JOIN reminders.subject s ON s.id = e.subject_id
LEFT JOIN reminders.recipient r ON r.id = e.recipient_id
WHERE e.died_at IS NULL AND e.due_at <= clock_timestamp()
  AND NOT EXISTS (SELECT FROM reminders.answer_event b WHERE b.subject_id = e.subject_id AND b.id < e.id AND b.died_at IS NULL)
ORDER BY e.due_at, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED
