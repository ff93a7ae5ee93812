-- The tables of Quartz 4.7.3 (job store and execution history) in a schema of their own; TablePrefix "quartz.qrtz_".
-- Written so that it can run at every start: it only ever creates. A test holds it against what Quartz itself makes.
-- Every instant is a bigint of .NET ticks in UTC (100 ns since the year 1); views.sql shows them as timestamps.

-- Not IF NOT EXISTS: that wants the right to create schemas even where there is one already.
DO $$ BEGIN
    IF to_regnamespace('quartz') IS NULL THEN CREATE SCHEMA quartz; END IF;
END $$;

-- What may be run: one durable row per kind. ------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS quartz.qrtz_job_details (
    sched_name         text     NOT NULL,
    job_name           text     NOT NULL,   -- the kind
    job_group          text     NOT NULL,
    description        text,
    job_class_name     text     NOT NULL,   -- a name of ours, not a .NET type: classes get renamed
    is_durable         boolean  NOT NULL,
    is_nonconcurrent   boolean  NOT NULL,
    is_update_data     boolean  NOT NULL,
    requests_recovery  boolean  NOT NULL,
    job_data           bytea,
    PRIMARY KEY (sched_name, job_name, job_group)
);
CREATE INDEX IF NOT EXISTS idx_qrtz_j_g_n ON quartz.qrtz_job_details (sched_name, job_group, job_name);

-- When: one row per (kind, due second). -----------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS quartz.qrtz_triggers (
    sched_name               text      NOT NULL,
    trigger_name             text      NOT NULL,
    trigger_group            text      NOT NULL,
    job_name                 text      NOT NULL,
    job_group                text      NOT NULL,
    description              text,
    trigger_type             text      NOT NULL,   -- names the satellite table that holds the rest
    trigger_state            text      NOT NULL,
    priority                 integer,
    calendar_name            text,
    execution_group          varchar(200),
    job_data                 bytea,
    -- its times
    start_time               bigint    NOT NULL,
    end_time                 bigint,
    next_fire_time           bigint,
    prev_fire_time           bigint,
    fixed_delay              boolean,
    -- what if it was missed
    misfire_instr            smallint,
    misfire_orig_fire_time   bigint,
    misfire_threshold        bigint,
    -- what if the job throws
    retry_policy             varchar(250),
    retry_attempt            integer,
    -- which node, and beside or after which other firing
    preferred_node           varchar(200),
    preferred_node_auto      boolean   NOT NULL DEFAULT false,
    overlap_policy           integer,
    continues_trigger_name   text,
    continues_trigger_group  text,
    continuation_condition   integer,
    -- who paused it
    pause_reason             varchar(250),
    paused_by                varchar(200),
    paused_at                bigint,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, job_name, job_group)
        REFERENCES quartz.qrtz_job_details (sched_name, job_name, job_group)
);
-- The scheduler's one hot question: who is next?
CREATE INDEX IF NOT EXISTS idx_qrtz_t_nft_st
    ON quartz.qrtz_triggers (sched_name, trigger_state, next_fire_time, priority DESC, misfire_instr);
CREATE INDEX IF NOT EXISTS idx_qrtz_t_j ON quartz.qrtz_triggers (sched_name, job_name, job_group);
CREATE INDEX IF NOT EXISTS idx_qrtz_t_g_n ON quartz.qrtz_triggers (sched_name, trigger_group, trigger_name);
CREATE INDEX IF NOT EXISTS idx_qrtz_t_c ON quartz.qrtz_triggers (sched_name, calendar_name);

-- One satellite per sort of trigger; it goes when its trigger goes. Ours are all simple ones.

CREATE TABLE IF NOT EXISTS quartz.qrtz_simple_triggers (
    sched_name       text    NOT NULL,
    trigger_name     text    NOT NULL,
    trigger_group    text    NOT NULL,
    repeat_count     bigint  NOT NULL,
    repeat_interval  bigint  NOT NULL,
    times_triggered  bigint  NOT NULL,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group)
        REFERENCES quartz.qrtz_triggers (sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS quartz.qrtz_cron_triggers (
    sched_name       text  NOT NULL,
    trigger_name     text  NOT NULL,
    trigger_group    text  NOT NULL,
    cron_expression  text  NOT NULL,
    time_zone_id     text,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group)
        REFERENCES quartz.qrtz_triggers (sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS quartz.qrtz_simprop_triggers (
    sched_name     text  NOT NULL,
    trigger_name   text  NOT NULL,
    trigger_group  text  NOT NULL,
    str_prop_1     text,
    str_prop_2     text,
    str_prop_3     text,
    int_prop_1     integer,
    int_prop_2     integer,
    long_prop_1    bigint,
    long_prop_2    bigint,
    dec_prop_1     numeric,
    dec_prop_2     numeric,
    bool_prop_1    boolean,
    bool_prop_2    boolean,
    time_zone_id   text,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group)
        REFERENCES quartz.qrtz_triggers (sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS quartz.qrtz_blob_triggers (
    sched_name     text  NOT NULL,
    trigger_name   text  NOT NULL,
    trigger_group  text  NOT NULL,
    blob_data      bytea,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group)
        REFERENCES quartz.qrtz_triggers (sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS quartz.qrtz_calendars (
    sched_name     text   NOT NULL,
    calendar_name  text   NOT NULL,
    calendar       bytea  NOT NULL,
    PRIMARY KEY (sched_name, calendar_name)
);

-- What is paused as a whole. ----------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS quartz.qrtz_paused_trigger_grps (
    sched_name     text  NOT NULL,
    trigger_group  text  NOT NULL,
    pause_reason   varchar(250),
    paused_by      varchar(200),
    paused_at      bigint,
    PRIMARY KEY (sched_name, trigger_group)
);

CREATE TABLE IF NOT EXISTS quartz.qrtz_paused_job_grps (
    sched_name    text  NOT NULL,
    job_group     text  NOT NULL,
    pause_reason  varchar(250),
    paused_by     varchar(200),
    paused_at     bigint,
    PRIMARY KEY (sched_name, job_group)
);

-- The cluster at work: who is alive, who runs what, and the rows whose lock orders them. ----------------------------

CREATE TABLE IF NOT EXISTS quartz.qrtz_scheduler_state (
    sched_name         text    NOT NULL,
    instance_name      text    NOT NULL,
    last_checkin_time  bigint  NOT NULL,
    checkin_interval   bigint  NOT NULL,    -- milliseconds
    quartz_version     varchar(20),
    PRIMARY KEY (sched_name, instance_name)
);

CREATE TABLE IF NOT EXISTS quartz.qrtz_fired_triggers (
    sched_name                text     NOT NULL,
    entry_id                  text     NOT NULL,
    trigger_name              text     NOT NULL,
    trigger_group             text     NOT NULL,
    job_name                  text,
    job_group                 text,
    instance_name             text     NOT NULL,
    state                     text     NOT NULL,
    priority                  integer  NOT NULL,
    fired_time                bigint   NOT NULL,
    sched_time                bigint   NOT NULL,
    is_nonconcurrent          boolean  NOT NULL,
    requests_recovery         boolean,
    execution_group           varchar(200),
    progress                  integer,
    progress_message          varchar(250),
    interrupt_requested_time  bigint,
    PRIMARY KEY (sched_name, entry_id)
);
-- What did the dead node run?
CREATE INDEX IF NOT EXISTS idx_qrtz_ft_inst_job_req_rcvry
    ON quartz.qrtz_fired_triggers (sched_name, instance_name, requests_recovery);
CREATE INDEX IF NOT EXISTS idx_qrtz_ft_j_g ON quartz.qrtz_fired_triggers (sched_name, job_name, job_group);
CREATE INDEX IF NOT EXISTS idx_qrtz_ft_t_g ON quartz.qrtz_fired_triggers (sched_name, trigger_name, trigger_group);

CREATE TABLE IF NOT EXISTS quartz.qrtz_locks (
    sched_name  text  NOT NULL,
    lock_name   text  NOT NULL,
    PRIMARY KEY (sched_name, lock_name)
);

-- What happened: trimmed by Quartz itself. The permanent ledger is the engine's. ------------------------------------

CREATE TABLE IF NOT EXISTS quartz.qrtz_execution_history (
    sched_name           text     NOT NULL,
    entry_id             text     NOT NULL,
    instance_name        text     NOT NULL,
    job_name             text     NOT NULL,
    job_group            text     NOT NULL,
    trigger_name         text     NOT NULL,
    trigger_group        text     NOT NULL,
    fire_instance_id     text,
    manual               boolean,
    fired_time           bigint   NOT NULL,
    run_time             bigint   NOT NULL,   -- a duration in ticks
    succeeded            boolean  NOT NULL,
    result               integer,
    summary              text,
    metrics              text,
    error_message        text,
    retry_attempt        integer  NOT NULL DEFAULT 0,
    retry_scheduled      boolean  NOT NULL DEFAULT false,
    execution_log        text,
    job_input            text,
    job_input_too_large  boolean,
    PRIMARY KEY (sched_name, entry_id)
);
CREATE INDEX IF NOT EXISTS idx_qrtz_eh_fired_time ON quartz.qrtz_execution_history (sched_name, fired_time);
CREATE INDEX IF NOT EXISTS idx_qrtz_eh_fire_inst ON quartz.qrtz_execution_history (sched_name, fire_instance_id);
CREATE INDEX IF NOT EXISTS idx_qrtz_eh_inst ON quartz.qrtz_execution_history (sched_name, instance_name);
CREATE INDEX IF NOT EXISTS idx_qrtz_eh_job_time
    ON quartz.qrtz_execution_history (sched_name, job_group, job_name, fired_time);
CREATE INDEX IF NOT EXISTS idx_qrtz_eh_trig_time
    ON quartz.qrtz_execution_history (sched_name, trigger_group, trigger_name, fired_time);

CREATE TABLE IF NOT EXISTS quartz.qrtz_misfire_history (
    sched_name     text    NOT NULL,
    entry_id       text    NOT NULL,
    instance_name  text    NOT NULL,
    trigger_name   text    NOT NULL,
    trigger_group  text    NOT NULL,
    job_name       text,
    job_group      text,
    misfire_time   bigint  NOT NULL,
    sched_time     bigint,
    reason         integer,
    PRIMARY KEY (sched_name, entry_id)
);
CREATE INDEX IF NOT EXISTS idx_qrtz_mh_misfire_time ON quartz.qrtz_misfire_history (sched_name, misfire_time);
CREATE INDEX IF NOT EXISTS idx_qrtz_mh_inst ON quartz.qrtz_misfire_history (sched_name, instance_name);

CREATE TABLE IF NOT EXISTS quartz.qrtz_job_status (
    sched_name            text     NOT NULL,
    job_group             text     NOT NULL,
    job_name              text     NOT NULL,
    first_fired_time      bigint   NOT NULL,
    last_fired_time       bigint   NOT NULL,
    last_result           integer  NOT NULL,
    last_run_time         bigint   NOT NULL,
    last_instance_name    text     NOT NULL,
    last_entry_id         text,
    last_summary          text,
    last_success_time     bigint,
    last_failure_time     bigint,
    last_failure_message  text,
    consecutive_failures  integer  NOT NULL DEFAULT 0,
    run_count             bigint   NOT NULL DEFAULT 0,
    failure_count         bigint   NOT NULL DEFAULT 0,
    PRIMARY KEY (sched_name, job_group, job_name)
);
