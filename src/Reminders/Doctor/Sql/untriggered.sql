-- How many instants to come have no trigger in the scheduler $1, at most $3 of them, since when, and of which kinds. What was
-- planned within $2 may still be under way there.
SELECT count(*), min(created_at), string_agg(DISTINCT kind, ', ') FROM (
    SELECT i.kind, i.created_at FROM reminders.instant i
    WHERE i.due_second > now() AND i.created_at < now() - $2::interval
      AND NOT EXISTS (
          SELECT FROM quartz.qrtz_triggers t
          WHERE t.sched_name = $1 AND t.trigger_group = 'reminders'
            AND t.trigger_name = i.kind || '@' || to_char(i.due_second AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
    LIMIT $3) found
