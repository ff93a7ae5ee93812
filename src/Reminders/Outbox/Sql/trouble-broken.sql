-- The channel $1 is broken, and waits for $2.
INSERT INTO reminders.channel AS c (name, paused_until, pause_reason, broken_since)
VALUES ($1, clock_timestamp() + $2::interval, $3, clock_timestamp())
ON CONFLICT (name) DO UPDATE
SET paused_until = greatest(c.paused_until, excluded.paused_until), pause_reason = excluded.pause_reason,
    broken_since = coalesce(c.broken_since, excluded.broken_since)
