-- How many triggers of the scheduler $1 should have fired $2 ago, by state, at most $3 of each, and since when.
--
-- Plan: state by state, since the index has them in the order they fire in below that.
SELECT lower(s.state), count(*), min(quartz.from_ticks(t.next_fire_time))
FROM unnest('{WAITING,ACQUIRED,BLOCKED,PAUSED,PAUSED_BLOCKED}'::text[]) AS s (state)
CROSS JOIN LATERAL (
    SELECT q.next_fire_time FROM quartz.qrtz_triggers q
    WHERE q.sched_name = $1 AND q.trigger_state = s.state
      AND q.next_fire_time < (extract(epoch FROM now() - $2::interval) * 10000000)::bigint + 621355968000000000
    ORDER BY q.next_fire_time LIMIT $3) t
GROUP BY s.state ORDER BY s.state
