-- What each kind's job of the scheduler $1 did within a day: runs, failed ones, the last, and triggers that were missed.
--
-- Plan: both histories by their times; they are kept for a week, and to 100,000.
SELECT kind, sum(runs)::bigint, sum(failed)::bigint, quartz.from_ticks(max(last)), sum(missed)::bigint FROM (
    SELECT job_name AS kind, count(*) AS runs,
           count(*) FILTER (WHERE NOT coalesce(succeeded, false) AND coalesce(result, 1) NOT IN (0, 2, 3)) AS failed,
           max(fired_time) AS last, 0 AS missed
    FROM quartz.qrtz_execution_history
    WHERE sched_name = $1
      AND fired_time > (extract(epoch FROM now() - interval '1 day') * 10000000)::bigint + 621355968000000000 GROUP BY job_name
    UNION ALL
    SELECT job_name, 0, 0, NULL, count(*) FROM quartz.qrtz_misfire_history
    WHERE sched_name = $1
      AND misfire_time > (extract(epoch FROM now() - interval '1 day') * 10000000)::bigint + 621355968000000000 GROUP BY job_name) k
GROUP BY kind ORDER BY kind
