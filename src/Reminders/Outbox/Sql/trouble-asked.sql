-- Whose limit it is stays one question however many meet a 429 before it is answered: they had left by then.
INSERT INTO reminders.channel AS c (name, pause_reason, throttled_at, throttled_address)
VALUES ($1, $2, clock_timestamp(), $3)
ON CONFLICT (name) DO UPDATE
SET pause_reason = excluded.pause_reason, throttled_at = excluded.throttled_at,
    throttled_address = excluded.throttled_address, sent_since = false
WHERE c.throttled_at IS NULL OR c.sent_since
