-- Quartz's rows for people: instants as timestamps, numbers as words. Nothing in the program reads these; an operator
-- does. CREATE OR REPLACE keeps a view's columns in place: add new ones at the end.

-- 621355968000000000 is 1970-01-01 in ticks.
CREATE OR REPLACE FUNCTION quartz.from_ticks(ticks bigint) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_timestamp((ticks - 621355968000000000) / 1e7);

-- The due second a trigger of ours is named after: '<kind>@2026-03-01T12:00:00Z'. Null for any other name, such as that
-- of a recovery trigger, whose own start is when its node died.
CREATE OR REPLACE FUNCTION quartz.due_second(trigger_name text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- Spelled out because a cast from text to a timestamp depends on settings and so is not immutable.
    RETURN CASE WHEN trigger_name ~ '@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'
        THEN make_timestamp(
            substr(right(trigger_name, 20), 1, 4)::integer,
            substr(right(trigger_name, 20), 6, 2)::integer,
            substr(right(trigger_name, 20), 9, 2)::integer,
            substr(right(trigger_name, 20), 12, 2)::integer,
            substr(right(trigger_name, 20), 15, 2)::integer,
            substr(right(trigger_name, 20), 18, 2)::double precision) AT TIME ZONE 'UTC' END;

-- Every trigger that is set: what for, when, and how it stands.
CREATE OR REPLACE VIEW quartz.triggers AS
SELECT t.sched_name                           AS scheduler,
       t.job_name                             AS kind,
       quartz.due_second(t.trigger_name)      AS due_second,
       quartz.from_ticks(t.next_fire_time)    AS next_fire_at,
       lower(t.trigger_state)                 AS state,
       now() - quartz.from_ticks(t.next_fire_time) AS late_by,      -- negative: still to come
       t.misfire_instr = 1                    AS fires_when_missed, -- 1 is FireNow
       t.retry_attempt,
       t.retry_policy,
       t.trigger_group = 'RECOVERING_JOBS'    AS is_recovery,
       t.paused_by,
       t.pause_reason,
       t.trigger_name,
       t.trigger_group
FROM quartz.qrtz_triggers t;

-- What runs now, or has been taken by a node to run in an instant.
CREATE OR REPLACE VIEW quartz.firings AS
SELECT f.sched_name                           AS scheduler,
       f.job_name                             AS kind,           -- null until it executes
       quartz.due_second(f.trigger_name)      AS due_second,
       lower(f.state)                         AS state,
       f.instance_name                        AS node,
       quartz.from_ticks(f.sched_time)        AS scheduled_at,
       quartz.from_ticks(f.fired_time)        AS fired_at,
       now() - quartz.from_ticks(f.fired_time) AS running_for,
       f.requests_recovery                    AS recovers,
       f.progress,
       f.progress_message,
       f.trigger_name,
       f.trigger_group
FROM quartz.qrtz_fired_triggers f;

-- The nodes, by their last sign of life. It is the node's clock that was written: compare silences, not seconds.
CREATE OR REPLACE VIEW quartz.nodes AS
SELECT s.sched_name                           AS scheduler,
       s.instance_name                        AS node,
       quartz.from_ticks(s.last_checkin_time) AS last_check_in_at,
       s.checkin_interval * interval '1 millisecond' AS checks_in_every,
       now() - quartz.from_ticks(s.last_checkin_time) AS silent_for,
       now() - quartz.from_ticks(s.last_checkin_time) > 2 * s.checkin_interval * interval '1 millisecond' AS is_overdue,
       (SELECT count(*) FROM quartz.qrtz_fired_triggers f
        WHERE f.sched_name = s.sched_name AND f.instance_name = s.instance_name) AS firings,
       s.quartz_version
FROM quartz.qrtz_scheduler_state s;

-- Firings that came too late, or were passed over.
CREATE OR REPLACE VIEW quartz.misfires AS
SELECT m.sched_name                           AS scheduler,
       m.job_name                             AS kind,
       quartz.due_second(m.trigger_name)      AS due_second,
       quartz.from_ticks(m.sched_time)        AS scheduled_at,
       quartz.from_ticks(m.misfire_time)      AS noticed_at,
       quartz.from_ticks(m.misfire_time) - quartz.from_ticks(m.sched_time) AS late_by,
       CASE m.reason WHEN 1 THEN 'overlap' WHEN 2 THEN 'vetoed' ELSE 'missed' END AS reason,
       m.instance_name                        AS node,
       m.trigger_name,
       m.trigger_group
FROM quartz.qrtz_misfire_history m;

-- What ran, and how it went.
CREATE OR REPLACE VIEW quartz.runs AS
SELECT h.sched_name                           AS scheduler,
       h.job_name                             AS kind,
       quartz.due_second(h.trigger_name)      AS due_second,
       quartz.from_ticks(h.fired_time)        AS fired_at,
       h.run_time / 10 * interval '1 microsecond' AS took,
       CASE WHEN h.result = 0 OR (h.result IS NULL AND h.succeeded) THEN 'succeeded'
            WHEN h.result = 2 THEN 'cancelled'
            WHEN h.result = 3 THEN 'skipped'
            ELSE 'failed' END                 AS result,
       h.retry_attempt,
       h.retry_scheduled,
       h.error_message,
       h.instance_name                        AS node,
       h.trigger_name,
       h.trigger_group
FROM quartz.qrtz_execution_history h;
