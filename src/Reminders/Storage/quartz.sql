-- The schema quartz as the migrations leave it, in the words of PostgreSQL 15.
-- Written by the test MigratedSchema (REMINDERS_RENEW_SCHEMA=1); do not edit by hand.

CREATE TABLE quartz.qrtz_blob_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    blob_data bytea,
    CONSTRAINT qrtz_blob_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group),
    CONSTRAINT qrtz_blob_triggers_sched_name_trigger_name_trigger_group_fkey FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES quartz.qrtz_triggers(sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE quartz.qrtz_calendars (
    sched_name text NOT NULL,
    calendar_name text NOT NULL,
    calendar bytea NOT NULL,
    CONSTRAINT qrtz_calendars_pkey PRIMARY KEY (sched_name, calendar_name)
);

CREATE TABLE quartz.qrtz_cron_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    cron_expression text NOT NULL,
    time_zone_id text,
    CONSTRAINT qrtz_cron_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group),
    CONSTRAINT qrtz_cron_triggers_sched_name_trigger_name_trigger_group_fkey FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES quartz.qrtz_triggers(sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE quartz.qrtz_execution_history (
    sched_name text NOT NULL,
    entry_id text NOT NULL,
    instance_name text NOT NULL,
    job_name text NOT NULL,
    job_group text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    fire_instance_id text,
    manual boolean,
    fired_time bigint NOT NULL,
    run_time bigint NOT NULL,
    succeeded boolean NOT NULL,
    result integer,
    summary text,
    metrics text,
    error_message text,
    retry_attempt integer NOT NULL DEFAULT 0,
    retry_scheduled boolean NOT NULL DEFAULT false,
    execution_log text,
    job_input text,
    job_input_too_large boolean,
    CONSTRAINT qrtz_execution_history_pkey PRIMARY KEY (sched_name, entry_id)
);

CREATE TABLE quartz.qrtz_fired_triggers (
    sched_name text NOT NULL,
    entry_id text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    job_name text,
    job_group text,
    instance_name text NOT NULL,
    state text NOT NULL,
    priority integer NOT NULL,
    fired_time bigint NOT NULL,
    sched_time bigint NOT NULL,
    is_nonconcurrent boolean NOT NULL,
    requests_recovery boolean,
    execution_group character varying(200),
    progress integer,
    progress_message character varying(250),
    interrupt_requested_time bigint,
    CONSTRAINT qrtz_fired_triggers_pkey PRIMARY KEY (sched_name, entry_id)
);

CREATE TABLE quartz.qrtz_job_details (
    sched_name text NOT NULL,
    job_name text NOT NULL,
    job_group text NOT NULL,
    description text,
    job_class_name text NOT NULL,
    is_durable boolean NOT NULL,
    is_nonconcurrent boolean NOT NULL,
    is_update_data boolean NOT NULL,
    requests_recovery boolean NOT NULL,
    job_data bytea,
    CONSTRAINT qrtz_job_details_pkey PRIMARY KEY (sched_name, job_name, job_group)
);

CREATE TABLE quartz.qrtz_job_status (
    sched_name text NOT NULL,
    job_group text NOT NULL,
    job_name text NOT NULL,
    first_fired_time bigint NOT NULL,
    last_fired_time bigint NOT NULL,
    last_result integer NOT NULL,
    last_run_time bigint NOT NULL,
    last_instance_name text NOT NULL,
    last_entry_id text,
    last_summary text,
    last_success_time bigint,
    last_failure_time bigint,
    last_failure_message text,
    consecutive_failures integer NOT NULL DEFAULT 0,
    run_count bigint NOT NULL DEFAULT 0,
    failure_count bigint NOT NULL DEFAULT 0,
    CONSTRAINT qrtz_job_status_pkey PRIMARY KEY (sched_name, job_group, job_name)
);

CREATE TABLE quartz.qrtz_locks (
    sched_name text NOT NULL,
    lock_name text NOT NULL,
    CONSTRAINT qrtz_locks_pkey PRIMARY KEY (sched_name, lock_name)
);

CREATE TABLE quartz.qrtz_misfire_history (
    sched_name text NOT NULL,
    entry_id text NOT NULL,
    instance_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    job_name text,
    job_group text,
    misfire_time bigint NOT NULL,
    sched_time bigint,
    reason integer,
    CONSTRAINT qrtz_misfire_history_pkey PRIMARY KEY (sched_name, entry_id)
);

CREATE TABLE quartz.qrtz_paused_job_grps (
    sched_name text NOT NULL,
    job_group text NOT NULL,
    pause_reason character varying(250),
    paused_by character varying(200),
    paused_at bigint,
    CONSTRAINT qrtz_paused_job_grps_pkey PRIMARY KEY (sched_name, job_group)
);

CREATE TABLE quartz.qrtz_paused_trigger_grps (
    sched_name text NOT NULL,
    trigger_group text NOT NULL,
    pause_reason character varying(250),
    paused_by character varying(200),
    paused_at bigint,
    CONSTRAINT qrtz_paused_trigger_grps_pkey PRIMARY KEY (sched_name, trigger_group)
);

CREATE TABLE quartz.qrtz_scheduler_state (
    sched_name text NOT NULL,
    instance_name text NOT NULL,
    last_checkin_time bigint NOT NULL,
    checkin_interval bigint NOT NULL,
    quartz_version character varying(20),
    CONSTRAINT qrtz_scheduler_state_pkey PRIMARY KEY (sched_name, instance_name)
);

CREATE TABLE quartz.qrtz_simple_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    repeat_count bigint NOT NULL,
    repeat_interval bigint NOT NULL,
    times_triggered bigint NOT NULL,
    CONSTRAINT qrtz_simple_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group),
    CONSTRAINT qrtz_simple_triggers_sched_name_trigger_name_trigger_group_fkey FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES quartz.qrtz_triggers(sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE quartz.qrtz_simprop_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    str_prop_1 text,
    str_prop_2 text,
    str_prop_3 text,
    int_prop_1 integer,
    int_prop_2 integer,
    long_prop_1 bigint,
    long_prop_2 bigint,
    dec_prop_1 numeric,
    dec_prop_2 numeric,
    bool_prop_1 boolean,
    bool_prop_2 boolean,
    time_zone_id text,
    CONSTRAINT qrtz_simprop_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group),
    CONSTRAINT qrtz_simprop_triggers_sched_name_trigger_name_trigger_grou_fkey FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES quartz.qrtz_triggers(sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE quartz.qrtz_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    job_name text NOT NULL,
    job_group text NOT NULL,
    description text,
    trigger_type text NOT NULL,
    trigger_state text NOT NULL,
    priority integer,
    calendar_name text,
    execution_group character varying(200),
    job_data bytea,
    start_time bigint NOT NULL,
    end_time bigint,
    next_fire_time bigint,
    prev_fire_time bigint,
    fixed_delay boolean,
    misfire_instr smallint,
    misfire_orig_fire_time bigint,
    misfire_threshold bigint,
    retry_policy character varying(250),
    retry_attempt integer,
    preferred_node character varying(200),
    preferred_node_auto boolean NOT NULL DEFAULT false,
    overlap_policy integer,
    continues_trigger_name text,
    continues_trigger_group text,
    continuation_condition integer,
    pause_reason character varying(250),
    paused_by character varying(200),
    paused_at bigint,
    CONSTRAINT qrtz_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group),
    CONSTRAINT qrtz_triggers_sched_name_job_name_job_group_fkey FOREIGN KEY (sched_name, job_name, job_group) REFERENCES quartz.qrtz_job_details(sched_name, job_name, job_group)
);

CREATE INDEX idx_qrtz_eh_fire_inst ON quartz.qrtz_execution_history USING btree (sched_name, fire_instance_id);

CREATE INDEX idx_qrtz_eh_fired_time ON quartz.qrtz_execution_history USING btree (sched_name, fired_time);

CREATE INDEX idx_qrtz_eh_inst ON quartz.qrtz_execution_history USING btree (sched_name, instance_name);

CREATE INDEX idx_qrtz_eh_job_time ON quartz.qrtz_execution_history USING btree (sched_name, job_group, job_name, fired_time);

CREATE INDEX idx_qrtz_eh_trig_time ON quartz.qrtz_execution_history USING btree (sched_name, trigger_group, trigger_name, fired_time);

CREATE INDEX idx_qrtz_ft_inst_job_req_rcvry ON quartz.qrtz_fired_triggers USING btree (sched_name, instance_name, requests_recovery);

CREATE INDEX idx_qrtz_ft_j_g ON quartz.qrtz_fired_triggers USING btree (sched_name, job_name, job_group);

CREATE INDEX idx_qrtz_ft_t_g ON quartz.qrtz_fired_triggers USING btree (sched_name, trigger_name, trigger_group);

CREATE INDEX idx_qrtz_j_g_n ON quartz.qrtz_job_details USING btree (sched_name, job_group, job_name);

CREATE INDEX idx_qrtz_mh_inst ON quartz.qrtz_misfire_history USING btree (sched_name, instance_name);

CREATE INDEX idx_qrtz_mh_misfire_time ON quartz.qrtz_misfire_history USING btree (sched_name, misfire_time);

CREATE INDEX idx_qrtz_t_c ON quartz.qrtz_triggers USING btree (sched_name, calendar_name);

CREATE INDEX idx_qrtz_t_g_n ON quartz.qrtz_triggers USING btree (sched_name, trigger_group, trigger_name);

CREATE INDEX idx_qrtz_t_j ON quartz.qrtz_triggers USING btree (sched_name, job_name, job_group);

CREATE INDEX idx_qrtz_t_nft_st ON quartz.qrtz_triggers USING btree (sched_name, trigger_state, next_fire_time, priority DESC, misfire_instr);

CREATE OR REPLACE FUNCTION quartz.due_second(trigger_name text)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN (trigger_name ~ '@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'::text) THEN (make_timestamp((substr("right"(trigger_name, 20), 1, 4))::integer, (substr("right"(trigger_name, 20), 6, 2))::integer, (substr("right"(trigger_name, 20), 9, 2))::integer, (substr("right"(trigger_name, 20), 12, 2))::integer, (substr("right"(trigger_name, 20), 15, 2))::integer, (substr("right"(trigger_name, 20), 18, 2))::double precision) AT TIME ZONE 'UTC'::text) ELSE NULL::timestamp with time zone END;

CREATE OR REPLACE FUNCTION quartz.from_ticks(ticks bigint)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN to_timestamp(((((ticks - '621355968000000000'::bigint))::numeric / '10000000'::numeric))::double precision);

CREATE VIEW quartz.due AS
 SELECT t.scheduler,
    t.kind,
    t.due_second,
    t.next_fire_at,
    t.state,
    t.late_by,
    ( SELECT count(*) AS count
           FROM reminders.occurrence o
          WHERE o.kind = t.kind AND o.state = 'planned'::text AND o.due_at > (t.due_second - '00:00:01'::interval) AND o.due_at <= t.due_second) AS waiting,
    t.retry_attempt,
    t.trigger_name,
    t.trigger_group
   FROM quartz.triggers t;

CREATE VIEW quartz.firings AS
 SELECT f.sched_name AS scheduler,
    f.job_name AS kind,
    quartz.due_second(f.trigger_name) AS due_second,
    lower(f.state) AS state,
    f.instance_name AS node,
    quartz.from_ticks(f.sched_time) AS scheduled_at,
    quartz.from_ticks(f.fired_time) AS fired_at,
    now() - quartz.from_ticks(f.fired_time) AS running_for,
    f.requests_recovery AS recovers,
    f.progress,
    f.progress_message,
    f.trigger_name,
    f.trigger_group
   FROM quartz.qrtz_fired_triggers f;

CREATE VIEW quartz.misfires AS
 SELECT m.sched_name AS scheduler,
    m.job_name AS kind,
    quartz.due_second(m.trigger_name) AS due_second,
    quartz.from_ticks(m.sched_time) AS scheduled_at,
    quartz.from_ticks(m.misfire_time) AS noticed_at,
    quartz.from_ticks(m.misfire_time) - quartz.from_ticks(m.sched_time) AS late_by,
        CASE m.reason
            WHEN 1 THEN 'overlap'::text
            WHEN 2 THEN 'vetoed'::text
            ELSE 'missed'::text
        END AS reason,
    m.instance_name AS node,
    m.trigger_name,
    m.trigger_group
   FROM quartz.qrtz_misfire_history m;

CREATE VIEW quartz.nodes AS
 SELECT s.sched_name AS scheduler,
    s.instance_name AS node,
    quartz.from_ticks(s.last_checkin_time) AS last_check_in_at,
    s.checkin_interval::double precision * '00:00:00.001'::interval AS checks_in_every,
    now() - quartz.from_ticks(s.last_checkin_time) AS silent_for,
    (now() - quartz.from_ticks(s.last_checkin_time)) > ((2 * s.checkin_interval)::double precision * '00:00:00.001'::interval) AS is_overdue,
    ( SELECT count(*) AS count
           FROM quartz.qrtz_fired_triggers f
          WHERE f.sched_name = s.sched_name AND f.instance_name = s.instance_name) AS firings,
    s.quartz_version
   FROM quartz.qrtz_scheduler_state s;

CREATE VIEW quartz.runs AS
 SELECT h.sched_name AS scheduler,
    h.job_name AS kind,
    quartz.due_second(h.trigger_name) AS due_second,
    quartz.from_ticks(h.fired_time) AS fired_at,
    (h.run_time / 10)::double precision * '00:00:00.000001'::interval AS took,
        CASE
            WHEN h.result = 0 OR h.result IS NULL AND h.succeeded THEN 'succeeded'::text
            WHEN h.result = 2 THEN 'cancelled'::text
            WHEN h.result = 3 THEN 'skipped'::text
            ELSE 'failed'::text
        END AS result,
    h.retry_attempt,
    h.retry_scheduled,
    h.error_message,
    h.instance_name AS node,
    h.trigger_name,
    h.trigger_group
   FROM quartz.qrtz_execution_history h;

CREATE VIEW quartz.triggers AS
 SELECT t.sched_name AS scheduler,
    t.job_name AS kind,
    quartz.due_second(t.trigger_name) AS due_second,
    quartz.from_ticks(t.next_fire_time) AS next_fire_at,
    lower(t.trigger_state) AS state,
    now() - quartz.from_ticks(t.next_fire_time) AS late_by,
    t.misfire_instr = 1 AS fires_when_missed,
    t.retry_attempt,
    t.retry_policy,
    t.trigger_group = 'RECOVERING_JOBS'::text AS is_recovery,
    t.paused_by,
    t.pause_reason,
    t.trigger_name,
    t.trigger_group
   FROM quartz.qrtz_triggers t;

CREATE VIEW quartz.untriggered AS
 SELECT p.kind,
    p.due_second,
    p.waiting,
    now() - p.due_second AS late_by
   FROM ( SELECT o.kind,
            date_bin('00:00:01'::interval, o.due_at + '00:00:00.999999'::interval, '1970-01-01 00:00:00+00'::timestamp with time zone) AS due_second,
            count(*) AS waiting
           FROM reminders.occurrence o
          WHERE o.state = 'planned'::text
          GROUP BY o.kind, (date_bin('00:00:01'::interval, o.due_at + '00:00:00.999999'::interval, '1970-01-01 00:00:00+00'::timestamp with time zone))) p
  WHERE NOT (EXISTS ( SELECT
           FROM quartz.triggers t
          WHERE t.kind = p.kind AND t.due_second = p.due_second));
