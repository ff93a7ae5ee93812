-- The outcome of the message $1 and nothing besides.
UPDATE reminders.outbox
SET state = $3, reason = $4, attempts = attempts + $5, lease_until = NULL,
    due_at = CASE WHEN $3 = 'retry' THEN clock_timestamp() + $6 ELSE due_at END,
    send_started_at = CASE WHEN $3 = 'retry' THEN NULL ELSE send_started_at END,
    settled_at = CASE WHEN $3 = 'retry' THEN NULL ELSE clock_timestamp() END
WHERE id = $1 AND lease_token = $2 AND press_token = $7 AND state = 'sending'
