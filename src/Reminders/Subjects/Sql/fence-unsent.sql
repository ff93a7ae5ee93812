-- The messages of the subject $1 that are not wanted any more: cancelled where they have not left a node, marked where
-- they have. A message that is claimed but not started has not left its node: it is cancelled like a pending one, and
-- the new lease token turns its claimer away. $3 are the channels whose messages can be edited.
--
-- Plan: one subject by its key, its occurrences by the prefix of their identity, and the messages by that of theirs.
WITH affected AS MATERIALIZED (
    SELECT m.id, reminders.unwanted(o, s) AS why, o.has_buttons,
           m.state IN ('pending', 'retry') OR m.state = 'sending' AND m.send_started_at IS NULL AS unsent
    FROM reminders.subject s
    JOIN reminders.occurrence o ON o.subject_id = s.id
    JOIN reminders.outbox m ON m.occurrence_id = o.id
    WHERE s.id = $1 AND m.operation = 'send' AND o.digest_of IS NULL AND reminders.unwanted(o, s) IS NOT NULL
      AND m.state IN ('pending', 'retry', 'sending', 'uncertain')
    ORDER BY m.id FOR UPDATE OF m)
UPDATE reminders.outbox m
SET state = CASE WHEN unsent THEN 'cancelled' ELSE m.state END,
    reason = CASE WHEN unsent THEN a.why ELSE m.reason END,
    lease_until = CASE WHEN unsent THEN NULL ELSE m.lease_until END,
    lease_token = CASE WHEN unsent THEN m.lease_token + 1 ELSE m.lease_token END,
    settled_at = CASE WHEN unsent THEN clock_timestamp() ELSE m.settled_at END,
    cancelled_by = CASE WHEN unsent THEN $2 END,
    stale = NOT unsent AND a.has_buttons AND m.channel = ANY ($3::text[])
FROM affected a
WHERE m.id = a.id
