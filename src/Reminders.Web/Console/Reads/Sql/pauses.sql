-- What somebody has stopped by hand and not let go on yet: kinds and channels, the oldest first.
SELECT p.kind, NULL::text AS channel, p.since, p.until, p.paused_by, p.reason FROM reminders.paused_kind p
UNION ALL
SELECT NULL, c.name, c.stopped_since, c.stopped_until, c.stopped_by, c.stop_reason FROM reminders.channel c
WHERE c.stopped_since IS NOT NULL AND coalesce(c.stopped_until > clock_timestamp(), true)
ORDER BY 3
