-- What this node $3 had claimed before the last fail-over, by ids $1 and tokens $2, and has not heard to be started: the answer may have
-- been lost with the server. It has sent none of it, so it waits like any other.
--
-- Plan: by primary key.
UPDATE reminders.outbox m
SET state = 'pending', send_started_at = NULL, lease_until = NULL, lease_token = m.lease_token + 1
FROM unnest($1::bigint[], $2::bigint[]) AS k (id, token)
WHERE m.id = k.id AND m.lease_token = k.token AND m.state = 'sending' AND m.leased_by = $3
  AND m.claimed_at < (SELECT found_at FROM reminders.failover ORDER BY epoch DESC LIMIT 1)
