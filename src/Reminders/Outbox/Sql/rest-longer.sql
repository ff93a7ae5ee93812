-- A probe of the channel $1 that was in vain. The turn $2 is the probing node's, as long as nobody took it since.
UPDATE reminders.channel c
SET probes = c.probes + 1, probe_until = NULL, pause_reason = $3,
    paused_until = clock_timestamp() + (
        SELECT /* include Outbox/Sql/rest-wait.sql */ FROM (SELECT c.probes + 1, $4::interval, $5::interval) w (probes, first, cap))
WHERE c.name = $1 AND c.probe_until = $2 AND c.rests_since IS NOT NULL
