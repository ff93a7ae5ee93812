-- The outcome of nearly every message: accepted, and nothing more to say. No attempt is written, for the row itself says all of
-- it (the view every_attempt). What is in any way otherwise, such as a message whose subject has changed meanwhile, is left
-- to settle.sql: the count tells.
--
-- Plan: by primary key. It stays on its page and touches no index (HOT): none holds what it changes, not even in a condition.
WITH sent AS (
    UPDATE reminders.outbox m
    SET state = 'sent', reason = NULL, provider_message_id = coalesce(r.provider_id, m.provider_message_id), attempts = m.attempts + 1,
        lease_until = NULL, settled_at = clock_timestamp()
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::uuid[]) AS r (id, token, provider_id, row_token)
    -- After a fail-over that lost commits an id may be another message's; the token in its row is nobody else's.
    WHERE m.id = r.id AND m.state = 'sending' AND m.lease_token = r.token AND m.press_token = r.row_token AND NOT m.stale
    RETURNING 1)
SELECT count(*) FROM sent
