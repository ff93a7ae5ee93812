-- The channel $1 is heard again: its rest and its incident are over.
WITH over AS (
    UPDATE reminders.incident i SET ended_at = clock_timestamp()
    FROM reminders.channel c WHERE c.name = $1 AND c.rests_since IS NOT NULL AND i.channel = c.name AND i.ended_at IS NULL)
UPDATE reminders.channel
SET rests_since = NULL, answered_at = NULL, probes = 0, doubts = 0, doubted = '{}', doubts_since = NULL, pause_reason = NULL
WHERE name = $1 AND rests_since IS NOT NULL
