-- How many of the next 1,000 instants have no trigger in the scheduler $1: the reconciler puts them back, and fires what falls due.
--
-- Plan: the instants by instant_due, each one's trigger by its key.
SELECT count(*) FROM (SELECT kind, due_second FROM reminders.instant WHERE due_second > now() ORDER BY due_second LIMIT 1000) i
WHERE NOT EXISTS (
    SELECT FROM quartz.qrtz_triggers t
    WHERE t.sched_name = $1 AND t.trigger_group = 'reminders'
      AND t.trigger_name = i.kind || '@' || to_char(i.due_second AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
