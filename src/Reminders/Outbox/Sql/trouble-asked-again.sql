-- The question was answered: another address than the first met a 429 too, so it is the channel that waits, for $2.
UPDATE reminders.channel c
SET paused_until = CASE WHEN again THEN greatest(c.paused_until, clock_timestamp() + $2) ELSE c.paused_until END,
    pause_reason = $3, sent_since = false,
    throttled_at = CASE WHEN open AND NOT again THEN c.throttled_at ELSE clock_timestamp() END,
    throttled_address = CASE WHEN open THEN c.throttled_address ELSE $4 END
FROM (SELECT x.name, x.open, x.open AND x.throttled_address IS DISTINCT FROM $4 AS again
      FROM (SELECT name, throttled_address, throttled_at IS NOT NULL AND NOT sent_since AS open
            FROM reminders.channel WHERE name = $1 FOR UPDATE) x) asked
WHERE c.name = asked.name
