-- The newest failed runs and missed triggers of the scheduler $1, $2 of each at most, newest first.
--
-- Plan: both histories backwards by their times.
SELECT kind, quartz.from_ticks(ticks), what, node, said FROM (
    (SELECT job_name AS kind, fired_time AS ticks, 'failed' AS what, instance_name AS node, error_message AS said
     FROM quartz.qrtz_execution_history
     WHERE sched_name = $1 AND NOT coalesce(succeeded, false) AND coalesce(result, 1) NOT IN (0, 2, 3) ORDER BY fired_time DESC LIMIT $2)
    UNION ALL
    (SELECT job_name, misfire_time, 'missed', instance_name, NULL FROM quartz.qrtz_misfire_history
     WHERE sched_name = $1 ORDER BY misfire_time DESC LIMIT $2)) t
ORDER BY ticks DESC
