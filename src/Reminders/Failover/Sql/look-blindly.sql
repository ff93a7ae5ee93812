-- The same where the server does not say which one it is.
SELECT NULL::bigint, NULL::integer, NULL::pg_lsn, c.epoch, c.recovering, c.system, c.timeline,
       ARRAY(SELECT name FROM reminders.node WHERE seen_at > clock_timestamp() - interval '30 seconds')
FROM (SELECT) h LEFT JOIN reminders.cluster c ON true
