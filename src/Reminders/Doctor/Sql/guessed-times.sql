-- How many messages wait because a time in them would be guessed, and why. Either a node does not know the zone: then
-- the last attempt's outcome is $1. Or PostgreSQL does not, and nobody can tell when quiet hours end.
--
-- Plan: of each channel and kind the $2 that are next; what waits for a zone is tried again within a minute, so it is among them.
WITH RECURSIVE /* include Outbox/Sql/queued-kinds.sql */,
next AS (
    SELECT m.* FROM queued q CROSS JOIN LATERAL (
        SELECT o.id, o.recipient_id, o.lease_token FROM reminders.outbox o
        WHERE o.queue = 'due' AND o.channel = q.channel AND o.kind = q.kind
        ORDER BY o.due_at, o.id LIMIT $2) m),
unreported AS (
    SELECT m.id, a.detail FROM next m
    JOIN LATERAL (SELECT outcome, detail FROM reminders.attempt WHERE message_id = m.id ORDER BY lease_token DESC LIMIT 1) a ON true
    WHERE m.lease_token > 0 AND a.outcome = $1
    UNION
    SELECT m.id, 'zone_unknown_quiet: ' || r.zone
    FROM next m JOIN reminders.recipient r ON r.id = m.recipient_id
    WHERE r.quiet_from IS NOT NULL AND reminders.local_time(r.zone, now()) IS NULL)
SELECT count(DISTINCT id), array_agg(DISTINCT detail) FROM unreported
