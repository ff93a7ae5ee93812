-- Which server this is and how far its log goes, what the schema's row says of it, and who runs.
SELECT h.system, h.timeline, h.position, c.epoch, c.recovering, c.system, c.timeline,
       ARRAY(SELECT name FROM reminders.node WHERE seen_at > clock_timestamp() - interval '30 seconds')
FROM (SELECT (SELECT system_identifier FROM pg_control_system()) AS system,
             /* include Failover/Sql/timeline.sql */ AS timeline,
             pg_current_wal_flush_lsn() AS position) h
LEFT JOIN reminders.cluster c ON true
