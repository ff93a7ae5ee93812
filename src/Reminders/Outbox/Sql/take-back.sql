-- What this node $1 took under one of the tokens $2 without hearing of it: the connection went away before the answer. It has
-- sent none of it, and nobody else has, so it waits like any other.
--
-- Plan: lease_end names all that is under way, and little else.
UPDATE reminders.outbox m
SET state = 'pending', send_started_at = NULL, lease_until = NULL, leased_by = NULL, lease_token = m.lease_token + 1
WHERE m.id = ANY (ARRAY(SELECT unnest(messages) FROM reminders.lease_end))
  AND m.state = 'sending' AND m.leased_by = $1 AND m.lease_token = ANY ($2)
