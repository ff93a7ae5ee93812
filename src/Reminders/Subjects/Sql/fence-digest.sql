-- A digest goes without it; one that is left with nothing is cancelled by the last look before its first byte.
--
-- Plan: one subject by its key, its occurrences by the prefix of their identity, and the messages by that of theirs, one occurrence
-- at a time: joined, all messages are read where nobody has counted them.
WITH digests AS MATERIALIZED (
    SELECT x.id
    FROM (SELECT DISTINCT digest_of FROM reminders.occurrence WHERE subject_id = $1 AND digest_of IS NOT NULL) o
    CROSS JOIN LATERAL (
        SELECT id FROM reminders.outbox m WHERE m.occurrence_id = o.digest_of AND m.operation = 'send' OFFSET 0) x),
unsent AS MATERIALIZED (
    SELECT m.occurrence_id FROM reminders.outbox m
    WHERE m.id = ANY (ARRAY (SELECT id FROM digests))
      AND (m.state IN ('pending', 'retry') OR m.state = 'sending' AND m.send_started_at IS NULL)
    ORDER BY m.id FOR UPDATE OF m)
UPDATE reminders.occurrence o
SET state = 'cancelled', reason = reminders.unwanted(o, s), cancelled_at = clock_timestamp(), cancelled_by = $2
FROM reminders.subject s
WHERE s.id = $1 AND o.subject_id = s.id AND o.state = 'fired' AND reminders.unwanted(o, s) IS NOT NULL
  AND o.digest_of = ANY (ARRAY (SELECT occurrence_id FROM unsent))
