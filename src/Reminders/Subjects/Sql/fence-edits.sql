-- Edits of the subject $1 that have not left a node, in favour of the one that shows the latest.
--
-- Plan: one subject by its key, its occurrences by the prefix of their identity, and the messages by that of theirs, one occurrence
-- at a time: joined, all messages are read where nobody has counted them.
WITH older AS MATERIALIZED (
    SELECT x.id
    FROM reminders.subject s JOIN reminders.occurrence o ON o.subject_id = s.id
    CROSS JOIN LATERAL (
        SELECT id FROM reminders.outbox m
        WHERE m.occurrence_id = o.id AND m.operation = 'edit' AND m.revision < s.revision OFFSET 0) x
    WHERE s.id = $1)
UPDATE reminders.outbox m
SET state = 'cancelled', reason = 'newer_edit', settled_at = clock_timestamp(),
    cancelled_by = $2, lease_until = NULL, lease_token = m.lease_token + 1
WHERE m.id = ANY (ARRAY (SELECT id FROM older))
  AND (m.state IN ('pending', 'retry') OR m.state = 'sending' AND m.send_started_at IS NULL)
