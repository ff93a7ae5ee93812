-- Lifts whatever holds the channel $1 up, but for trouble: that stays until a message is delivered, so a probe goes at once.
-- What met the trouble waits for its end as well, and is brought forward.
WITH forward AS (
    UPDATE reminders.outbox m SET due_at = now()
    FROM reminders.channel c
    WHERE c.name = $1 AND m.channel = $1 AND m.queue = 'due' AND m.state = 'retry' AND m.due_at > now()
      AND (m.throttled > 0 OR c.broken_since IS NOT NULL))
UPDATE reminders.channel
SET paused_until = NULL, probe_id = NULL, probe_until = NULL, probes = 0, stopped_since = NULL, stopped_until = NULL, stopped_by = NULL,
    stop_reason = NULL
WHERE name = $1
