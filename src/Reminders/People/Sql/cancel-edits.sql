-- Takes back the edits that the person $1 was not yet shown: cancelled by $2 for the reason $3, as cancel-unsent.sql does it.
UPDATE reminders.outbox m
SET state = 'cancelled', reason = $3, settled_at = clock_timestamp(), cancelled_by = $2,
    lease_until = NULL, lease_token = m.lease_token + 1
WHERE occurrence_id IN (SELECT id FROM reminders.occurrence WHERE recipient_id = $1) AND operation = 'edit'
  AND (state IN ('pending', 'retry') OR state = 'sending' AND send_started_at IS NULL)
