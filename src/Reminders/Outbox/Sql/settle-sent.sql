-- The outcome of nearly every message: accepted, and nothing more to say. No attempt is written, for the row itself says all of
-- it (the view every_attempt). What is in any way otherwise, such as a message whose subject has changed meanwhile, is left
-- to settle.sql: the count tells.
--
-- Plan: by primary key; the state is asked within CASE for the reason that settle.sql gives.
WITH sent AS (
    UPDATE reminders.outbox m
    SET state = 'sent', reason = NULL, provider_message_id = coalesce(r.provider_id, m.provider_message_id), attempts = m.attempts + 1,
        lease_until = NULL, settled_at = clock_timestamp()
    FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS r (id, token, provider_id)
    WHERE m.id = r.id AND CASE m.state WHEN 'sending' THEN m.lease_token END = r.token AND NOT m.stale
    RETURNING 1)
SELECT count(*) FROM sent
