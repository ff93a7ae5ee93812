-- A digest goes without it; one that is left with nothing is cancelled by the last look before its first byte.
--
-- Plan: one subject by its key, its occurrences by the prefix of their identity, and the messages by that of theirs.
WITH unsent AS MATERIALIZED (
    SELECT m.id, m.occurrence_id
    FROM reminders.occurrence o JOIN reminders.outbox m ON m.occurrence_id = o.digest_of
    WHERE o.subject_id = $1 AND m.operation = 'send'
      AND (m.state IN ('pending', 'retry') OR m.state = 'sending' AND m.send_started_at IS NULL)
    ORDER BY m.id FOR UPDATE OF m)
UPDATE reminders.occurrence o
SET state = 'cancelled', reason = reminders.unwanted(o, s), cancelled_at = clock_timestamp(), cancelled_by = $2
FROM reminders.subject s
WHERE s.id = $1 AND o.subject_id = s.id AND o.state = 'fired' AND reminders.unwanted(o, s) IS NOT NULL
  AND o.digest_of IN (SELECT occurrence_id FROM unsent)
