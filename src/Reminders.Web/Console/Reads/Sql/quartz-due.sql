-- Triggers of the scheduler $1, by when they fire next, $5 at most, of the kind $2 or any, after ($3, $4): with how many occurrences wait
-- for that second, 10,001 at most.
--
-- Plan: of each state the first by idx_qrtz_t_nft_st, or a kind's by idx_qrtz_t_j; what waits by occurrence_due.
SELECT t.job_name, coalesce(quartz.due_second(t.trigger_name), quartz.from_ticks(t.next_fire_time)), lower(t.trigger_state),
       t.next_fire_time, t.trigger_name,
       (SELECT count(*) FROM (
            SELECT FROM reminders.occurrence o
            WHERE o.kind = t.job_name AND o.state = 'planned' AND o.due_at > quartz.due_second(t.trigger_name) - interval '1 second'
              AND o.due_at <= quartz.due_second(t.trigger_name) LIMIT 10001) x)
FROM (VALUES ('WAITING'), ('ACQUIRED'), ('EXECUTING'), ('BLOCKED'), ('PAUSED'), ('PAUSED_BLOCKED'), ('ERROR'), ('COMPLETE')) AS s (state)
CROSS JOIN LATERAL (
    SELECT t.* FROM quartz.qrtz_triggers t
    WHERE t.sched_name = $1 AND t.trigger_state = s.state AND ($2::text = '' OR t.job_name = $2::text)
      AND (t.next_fire_time, t.trigger_name) > ($3::bigint, $4::text)
    ORDER BY t.next_fire_time, t.trigger_name LIMIT $5) t
ORDER BY t.next_fire_time, t.trigger_name LIMIT $5
