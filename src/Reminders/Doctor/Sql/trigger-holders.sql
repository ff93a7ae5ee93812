-- Who holds triggers of the scheduler $1 without having checked in within $2, how many and since when, and whether it ever did; and
-- whose jobs besides stand in Quartz's tables.
SELECT f.sched_name, f.instance_name, count(*), min(quartz.from_ticks(f.fired_time)), s.instance_name IS NOT NULL
FROM quartz.qrtz_fired_triggers f
LEFT JOIN quartz.qrtz_scheduler_state s ON s.sched_name = f.sched_name AND s.instance_name = f.instance_name
WHERE f.sched_name = $1 AND (s.instance_name IS NULL OR quartz.from_ticks(s.last_checkin_time) < now() - $2::interval)
GROUP BY f.sched_name, f.instance_name, s.instance_name
UNION ALL
SELECT j.sched_name, '', count(*), NULL, false FROM quartz.qrtz_job_details j WHERE j.sched_name <> $1 GROUP BY j.sched_name
ORDER BY 1, 2
