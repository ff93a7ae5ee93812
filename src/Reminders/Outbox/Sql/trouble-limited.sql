-- The channel $1 itself is limited, and waits for $2.
INSERT INTO reminders.channel AS c (name, paused_until, pause_reason, throttled_at)
VALUES ($1, clock_timestamp() + $2::interval, $3, clock_timestamp())
ON CONFLICT (name) DO UPDATE
SET paused_until = greatest(c.paused_until, excluded.paused_until), pause_reason = excluded.pause_reason,
    throttled_at = excluded.throttled_at, throttled_address = NULL, sent_since = false
