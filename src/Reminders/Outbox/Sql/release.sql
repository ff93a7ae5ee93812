-- Gives back what was claimed and never started.
UPDATE reminders.outbox m
SET state = 'pending', lease_until = NULL, send_started_at = NULL
FROM unnest($1::bigint[], $2::bigint[]) AS k (id, token)
WHERE m.id = k.id AND m.state = 'sending' AND m.lease_token = k.token AND m.leased_by = $3
