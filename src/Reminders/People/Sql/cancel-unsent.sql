-- Takes back what is not yet sent to the person $1: cancelled by $2 for the reason $3. As the fence does: what is claimed and not
-- started has not left its node, and the new token turns its claimer away. Messages are found by the person's occurrences, and
-- locked in the order of their ids, as everyone locks them.
WITH unsent AS MATERIALIZED (
    SELECT id FROM reminders.outbox
    WHERE occurrence_id IN (SELECT id FROM reminders.occurrence WHERE recipient_id = $1) AND operation = 'send'
      AND (state IN ('pending', 'retry') OR state = 'sending' AND send_started_at IS NULL)
    ORDER BY id FOR UPDATE)
UPDATE reminders.outbox m
SET state = 'cancelled', reason = $3, settled_at = clock_timestamp(), cancelled_by = $2,
    lease_until = NULL, lease_token = m.lease_token + 1
FROM unsent u WHERE m.id = u.id
