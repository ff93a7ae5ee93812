-- How many messages wait because a time in them would be guessed, and why. Either a node does not know the zone: then
-- the last attempt's outcome is $1. Or PostgreSQL does not, and nobody can tell when quiet hours end.
WITH unreported AS (
    SELECT m.id, a.detail FROM reminders.outbox m
    JOIN LATERAL (SELECT outcome, detail FROM reminders.attempt WHERE message_id = m.id ORDER BY lease_token DESC LIMIT 1) a ON true
    WHERE m.queue = 'due' AND a.outcome = $1
    UNION
    SELECT m.id, format('PostgreSQL does not know the time zone ''%s'', so nobody can tell when quiet hours end', r.zone)
    FROM reminders.recipient r JOIN reminders.outbox m ON m.recipient_id = r.id
    WHERE m.queue = 'due' AND r.quiet_from IS NOT NULL AND reminders.local_time(r.zone, now()) IS NULL)
SELECT count(DISTINCT id), string_agg(DISTINCT detail, '; ') FROM unreported
