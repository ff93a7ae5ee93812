-- The instants to come for which the scheduler $1 has a job and no trigger.
SELECT i.kind, i.due_second
FROM reminders.instant i
WHERE i.due_second > now()
  -- Its own command stores it right after the commit; only what is older was lost.
  AND i.created_at < now() - interval '3 seconds'
  AND EXISTS (SELECT FROM quartz.qrtz_job_details j
              WHERE j.sched_name = $1 AND j.job_name = i.kind AND j.job_group = 'reminders')
  AND NOT EXISTS (
      SELECT FROM quartz.qrtz_triggers t
      WHERE t.sched_name = $1 AND t.trigger_group = 'reminders'
        AND t.trigger_name = i.kind || '@' || to_char(i.due_second AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
ORDER BY i.due_second
LIMIT 500
