-- The schema reminders as the migrations leave it, in the words of PostgreSQL 15.
-- Written by the test MigratedSchema (REMINDERS_RENEW_SCHEMA=1); do not edit by hand.

CREATE SEQUENCE reminders.window_version AS bigint;

CREATE TABLE reminders.access_token (
    hash bytea NOT NULL,
    recipient_id bigint NOT NULL,
    issued_by text NOT NULL,
    issued_at timestamp with time zone NOT NULL DEFAULT now(),
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT access_token_pkey PRIMARY KEY (hash),
    CONSTRAINT access_token_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id)
);

CREATE TABLE reminders.account (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    login text NOT NULL,
    password text NOT NULL,
    role text NOT NULL,
    recipient_id bigint,
    language text,
    zone text,
    stamp uuid NOT NULL DEFAULT gen_random_uuid(),
    is_first boolean NOT NULL DEFAULT false,
    created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL,
    disabled_at timestamp with time zone,
    seen_at timestamp with time zone,
    CONSTRAINT account_language_check CHECK ((language = ANY (ARRAY['en'::text, 'ru'::text]))),
    CONSTRAINT account_login_check CHECK (((length(login) >= 1) AND (length(login) <= 100))),
    CONSTRAINT account_pkey PRIMARY KEY (id),
    CONSTRAINT account_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id),
    CONSTRAINT account_recruiter CHECK (((role <> 'recruiter'::text) OR (recipient_id IS NOT NULL))),
    CONSTRAINT account_role_check CHECK ((role = ANY (ARRAY['recruiter'::text, 'operator'::text, 'administrator'::text]))),
    CONSTRAINT account_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 64)))
);

CREATE TABLE reminders.address (
    recipient_id bigint NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    state text NOT NULL DEFAULT 'reachable'::text,
    reason text,
    changed_at timestamp with time zone NOT NULL DEFAULT now(),
    key bytea NOT NULL GENERATED ALWAYS AS (reminders.address_key(channel, address)) STORED,
    alias text,
    CONSTRAINT address_address_check CHECK (((length(address) >= 1) AND (length(address) <= 320))),
    CONSTRAINT address_alias_check CHECK (((length(alias) >= 1) AND (length(alias) <= 320))),
    CONSTRAINT address_pkey PRIMARY KEY (recipient_id, channel),
    CONSTRAINT address_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id),
    CONSTRAINT address_state_check CHECK ((state = ANY (ARRAY['reachable'::text, 'unreachable'::text, 'opted_out'::text])))
);

CREATE TABLE reminders.answer_event (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    subject_id bigint NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL,
    way text NOT NULL,
    answered_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    trouble text,
    died_at timestamp with time zone,
    answer text,
    kind text,
    recipient_id bigint,
    message_id bigint,
    CONSTRAINT answer_event_pkey PRIMARY KEY (id),
    CONSTRAINT answer_event_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES reminders.subject(id)
);

CREATE TABLE reminders.api_key (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    hash bytea NOT NULL,
    role text,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    revoked_at timestamp with time zone,
    owner text NOT NULL,
    scopes text[] NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    recruiter_id bigint,
    CONSTRAINT api_key_hash UNIQUE (hash),
    CONSTRAINT api_key_name UNIQUE (name),
    CONSTRAINT api_key_owner CHECK (((length(owner) >= 1) AND (length(owner) <= 100))),
    CONSTRAINT api_key_pkey PRIMARY KEY (id),
    CONSTRAINT api_key_recruiter CHECK ((((scopes = '{bookings:recruiter}'::text[]) AND (recruiter_id IS NOT NULL)) OR (('bookings:recruiter'::text <> ALL (scopes)) AND (recruiter_id IS NULL)))),
    CONSTRAINT api_key_recruiter_id_fkey FOREIGN KEY (recruiter_id) REFERENCES reminders.recipient(id),
    CONSTRAINT api_key_role_check CHECK ((role = ANY (ARRAY['recruiter'::text, 'operator'::text]))),
    CONSTRAINT api_key_scopes CHECK (((cardinality(scopes) > 0) AND (scopes <@ '{bookings:own,bookings:recruiter,notifications:send,recipients:write,tokens:issue,operate}'::text[])))
);

CREATE TABLE reminders.app_event (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    event_id uuid NOT NULL,
    type text NOT NULL,
    subject_id bigint NOT NULL,
    occurrence_id bigint NOT NULL DEFAULT 0,
    message_id bigint NOT NULL DEFAULT 0,
    turn integer NOT NULL DEFAULT 0,
    occurred_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    version bigint NOT NULL,
    kind text,
    recipient_id bigint,
    channel text,
    answer text,
    status text,
    way text,
    reason text,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    trouble text,
    died_at timestamp with time zone,
    CONSTRAINT app_event_identity UNIQUE (type, subject_id, occurrence_id, message_id, turn),
    CONSTRAINT app_event_pkey PRIMARY KEY (id),
    CONSTRAINT app_event_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES reminders.subject(id),
    CONSTRAINT app_event_type_check CHECK ((type = ANY (ARRAY['message.sent'::text, 'message.held'::text, 'message.answered'::text, 'message.unreachable'::text])))
);

CREATE TABLE reminders.app_listening (
    type text NOT NULL,
    wanted_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT app_listening_pkey PRIMARY KEY (type),
    CONSTRAINT app_listening_type_check CHECK ((type = ANY (ARRAY['message.sent'::text, 'message.held'::text, 'message.answered'::text, 'message.unreachable'::text])))
);

CREATE TABLE reminders.attempt (
    message_id bigint NOT NULL,
    lease_token bigint NOT NULL,
    node text NOT NULL,
    started_at timestamp with time zone,
    settled_at timestamp with time zone NOT NULL DEFAULT now(),
    outcome text NOT NULL,
    detail text,
    claimed_at timestamp with time zone,
    CONSTRAINT attempt_message_id_fkey FOREIGN KEY (message_id) REFERENCES reminders.outbox(id) ON DELETE CASCADE,
    CONSTRAINT attempt_pkey PRIMARY KEY (message_id, lease_token)
);

CREATE TABLE reminders.audit (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    action text NOT NULL,
    about text NOT NULL,
    before jsonb,
    after jsonb,
    reason text,
    refused boolean NOT NULL DEFAULT false,
    CONSTRAINT audit_about_check CHECK (((length(about) >= 1) AND (length(about) <= 400))),
    CONSTRAINT audit_action_check CHECK (((length(action) >= 1) AND (length(action) <= 64))),
    CONSTRAINT audit_pkey PRIMARY KEY (id),
    CONSTRAINT audit_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
);

CREATE TABLE reminders.bulk_action (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    act text NOT NULL,
    selection jsonb NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    total integer NOT NULL,
    stopped_by text,
    ended_at timestamp with time zone,
    CONSTRAINT bulk_action_act_check CHECK ((act = ANY (ARRAY['arrived'::text, 'lost'::text, 'resend'::text, 'replay'::text]))),
    CONSTRAINT bulk_action_pkey PRIMARY KEY (id)
);

CREATE TABLE reminders.bulk_message (
    bulk_id bigint NOT NULL,
    subject_id bigint NOT NULL,
    message_id bigint NOT NULL,
    refusal text,
    done_at timestamp with time zone,
    CONSTRAINT bulk_message_bulk_id_fkey FOREIGN KEY (bulk_id) REFERENCES reminders.bulk_action(id) ON DELETE CASCADE,
    CONSTRAINT bulk_message_pkey PRIMARY KEY (bulk_id, subject_id, message_id)
);

CREATE TABLE reminders.channel (
    name text NOT NULL,
    paused_until timestamp with time zone,
    pause_reason text,
    broken_since timestamp with time zone,
    throttled_at timestamp with time zone,
    sent_since boolean NOT NULL DEFAULT false,
    next_slot timestamp with time zone NOT NULL DEFAULT now(),
    throttled_address text,
    doubts integer NOT NULL DEFAULT 0,
    doubted text[] NOT NULL DEFAULT '{}'::text[],
    doubts_since timestamp with time zone,
    rests_since timestamp with time zone,
    answered_at timestamp with time zone,
    probes integer NOT NULL DEFAULT 0,
    probe_id bigint,
    probe_until timestamp with time zone,
    stopped_since timestamp with time zone,
    stopped_by text,
    stop_reason text,
    stopped_until timestamp with time zone,
    CONSTRAINT channel_pkey PRIMARY KEY (name)
);

CREATE TABLE reminders.cluster (
    id boolean NOT NULL DEFAULT true,
    system bigint,
    timeline integer,
    epoch integer NOT NULL DEFAULT 1,
    recovering boolean NOT NULL DEFAULT false,
    CONSTRAINT cluster_id_check CHECK (id),
    CONSTRAINT cluster_pkey PRIMARY KEY (id)
);

CREATE TABLE reminders.event (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    subject_id bigint NOT NULL,
    name text NOT NULL,
    cause text NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT event_pkey PRIMARY KEY (id),
    CONSTRAINT event_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES reminders.subject(id)
);

CREATE TABLE reminders.failover (
    epoch integer NOT NULL,
    cause text NOT NULL,
    found_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    found_by text NOT NULL,
    known_until timestamp with time zone,
    nodes text[] NOT NULL,
    reported text[] NOT NULL DEFAULT '{}'::text[],
    partial text[] NOT NULL DEFAULT '{}'::text[],
    put_back integer NOT NULL DEFAULT 0,
    unplaced integer NOT NULL DEFAULT 0,
    wait_until timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    held_occurrences bigint NOT NULL DEFAULT 0,
    held_messages bigint NOT NULL DEFAULT 0,
    CONSTRAINT failover_pkey PRIMARY KEY (epoch)
);

CREATE TABLE reminders.group_member (
    group_id bigint NOT NULL,
    recipient_id bigint NOT NULL,
    CONSTRAINT group_member_group_id_fkey FOREIGN KEY (group_id) REFERENCES reminders.recipient_group(id) ON DELETE CASCADE,
    CONSTRAINT group_member_pkey PRIMARY KEY (group_id, recipient_id),
    CONSTRAINT group_member_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id)
);

CREATE TABLE reminders.idempotency (
    caller text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    response jsonb,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
    CONSTRAINT idempotency_pkey PRIMARY KEY (caller, key)
);

CREATE TABLE reminders.inbound_update (
    source text NOT NULL,
    provider_id text NOT NULL,
    seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    sender text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL DEFAULT 'received'::text,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamp with time zone NOT NULL DEFAULT now(),
    effect text,
    repeats integer NOT NULL DEFAULT 0,
    received_at timestamp with time zone NOT NULL DEFAULT now(),
    handled_at timestamp with time zone,
    handled_by text,
    content_id text NOT NULL DEFAULT ''::text,
    CONSTRAINT inbound_update_content_id_check CHECK ((length(content_id) <= 200)),
    CONSTRAINT inbound_update_pkey PRIMARY KEY (source, provider_id, content_id),
    CONSTRAINT inbound_update_provider_id_check CHECK (((length(provider_id) >= 1) AND (length(provider_id) <= 200))),
    CONSTRAINT inbound_update_state_check CHECK ((state = ANY (ARRAY['received'::text, 'handled'::text, 'failed'::text])))
);

CREATE TABLE reminders.inbox (
    recipient_id bigint NOT NULL,
    last_seq bigint NOT NULL,
    CONSTRAINT inbox_pkey PRIMARY KEY (recipient_id),
    CONSTRAINT inbox_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id)
);

CREATE TABLE reminders.inbox_item (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    occurrence_id bigint NOT NULL,
    recipient_id bigint NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    subject_type text NOT NULL,
    subject_key text NOT NULL,
    data jsonb NOT NULL DEFAULT '{}'::jsonb,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    read_at timestamp with time zone,
    data_id bigint,
    CONSTRAINT inbox_item_data_id_fkey FOREIGN KEY (data_id) REFERENCES reminders.shared_data(id),
    CONSTRAINT inbox_item_occurrence UNIQUE (occurrence_id),
    CONSTRAINT inbox_item_occurrence_id_fkey FOREIGN KEY (occurrence_id) REFERENCES reminders.occurrence(id),
    CONSTRAINT inbox_item_pkey PRIMARY KEY (id),
    CONSTRAINT inbox_item_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id),
    CONSTRAINT inbox_item_seq UNIQUE (recipient_id, seq)
) WITH (autovacuum_vacuum_insert_scale_factor=0.02, autovacuum_vacuum_scale_factor=0.02);

CREATE TABLE reminders.incident (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    reason text NOT NULL,
    CONSTRAINT incident_pkey PRIMARY KEY (id)
);

CREATE TABLE reminders.instant (
    kind text NOT NULL,
    due_second timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT instant_pkey PRIMARY KEY (kind, due_second)
);

CREATE TABLE reminders.invitation (
    hash bytea NOT NULL,
    role text,
    recipient_id bigint,
    account_id bigint,
    is_first boolean NOT NULL DEFAULT false,
    created_by text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT invitation_account_id_fkey FOREIGN KEY (account_id) REFERENCES reminders.account(id),
    CONSTRAINT invitation_for CHECK (((role IS NULL) <> (account_id IS NULL))),
    CONSTRAINT invitation_pkey PRIMARY KEY (hash),
    CONSTRAINT invitation_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id),
    CONSTRAINT invitation_role_check CHECK ((role = ANY (ARRAY['recruiter'::text, 'operator'::text, 'administrator'::text])))
);

CREATE TABLE reminders.kind_pause (
    kind text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    paused_by text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT kind_pause_pkey PRIMARY KEY (kind)
);

CREATE TABLE reminders.lease (
    name text NOT NULL,
    holder text NOT NULL,
    held_until timestamp with time zone NOT NULL,
    token bigint NOT NULL DEFAULT 1,
    CONSTRAINT lease_pkey PRIMARY KEY (name)
);

CREATE TABLE reminders.lease_end (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    at timestamp with time zone NOT NULL,
    messages bigint[] NOT NULL,
    CONSTRAINT lease_end_pkey PRIMARY KEY (id)
);

CREATE TABLE reminders.link_key (
    id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
    secret bytea NOT NULL DEFAULT (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    retired_at timestamp with time zone,
    CONSTRAINT link_key_pkey PRIMARY KEY (id),
    CONSTRAINT link_key_secret_check CHECK ((octet_length(secret) = 32))
);

CREATE TABLE reminders.migration (
    number integer NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone NOT NULL DEFAULT now(),
    checksum text,
    works_beside integer,
    CONSTRAINT migration_pkey PRIMARY KEY (number)
);

CREATE TABLE reminders.node (
    name text NOT NULL,
    started_at timestamp with time zone NOT NULL DEFAULT now(),
    seen_at timestamp with time zone NOT NULL DEFAULT now(),
    skew interval NOT NULL DEFAULT '00:00:00'::interval,
    version text NOT NULL,
    hanging text[] NOT NULL DEFAULT '{}'::text[],
    hears boolean NOT NULL DEFAULT true,
    probed_at timestamp with time zone,
    aside text[] NOT NULL DEFAULT '{}'::text[],
    serves text[],
    CONSTRAINT node_pkey PRIMARY KEY (name)
);

CREATE TABLE reminders.occurrence (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    subject_id bigint NOT NULL,
    version bigint NOT NULL,
    recipient_id bigint NOT NULL,
    state text NOT NULL,
    reason text,
    decided_by bigint,
    fenced boolean NOT NULL DEFAULT true,
    superseded_by bigint,
    digest_of bigint,
    wanted_in text[] NOT NULL,
    told text NOT NULL,
    has_buttons boolean NOT NULL DEFAULT false,
    due_at timestamp with time zone NOT NULL,
    useful_until timestamp with time zone NOT NULL,
    data jsonb,
    planned_at timestamp with time zone NOT NULL DEFAULT now(),
    planned_by text NOT NULL,
    fired_at timestamp with time zone,
    fired_by text,
    cancelled_at timestamp with time zone,
    cancelled_by text,
    data_id bigint,
    fired_via text,
    CONSTRAINT occurrence_data_id_fkey FOREIGN KEY (data_id) REFERENCES reminders.shared_data(id),
    CONSTRAINT occurrence_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES reminders.occurrence(id),
    CONSTRAINT occurrence_digest_of_fkey FOREIGN KEY (digest_of) REFERENCES reminders.occurrence(id),
    CONSTRAINT occurrence_fired CHECK (((state <> 'fired'::text) OR (fired_at IS NOT NULL))),
    CONSTRAINT occurrence_identity UNIQUE (subject_id, kind, version, recipient_id),
    CONSTRAINT occurrence_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 64))),
    CONSTRAINT occurrence_pkey PRIMARY KEY (id),
    CONSTRAINT occurrence_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id),
    CONSTRAINT occurrence_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'waiting'::text, 'fired'::text, 'skipped'::text, 'cancelled'::text]))),
    CONSTRAINT occurrence_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES reminders.subject(id)
);

CREATE TABLE reminders.operator_action (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    message_id bigint NOT NULL,
    action text NOT NULL,
    reason text NOT NULL,
    acted_by text NOT NULL,
    acted_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT operator_action_message_id_fkey FOREIGN KEY (message_id) REFERENCES reminders.outbox(id) ON DELETE CASCADE,
    CONSTRAINT operator_action_pkey PRIMARY KEY (id),
    CONSTRAINT operator_action_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
);

CREATE TABLE reminders.opt_out (
    key bytea NOT NULL,
    channel text NOT NULL,
    since timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT opt_out_key_check CHECK ((octet_length(key) = 32)),
    CONSTRAINT opt_out_pkey PRIMARY KEY (key)
);

CREATE TABLE reminders.outbox (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    occurrence_id bigint NOT NULL,
    kind text NOT NULL,
    recipient_id bigint NOT NULL,
    channel text NOT NULL,
    operation text NOT NULL,
    number integer NOT NULL DEFAULT 0,
    revision integer NOT NULL DEFAULT 0,
    target_id bigint,
    state text NOT NULL,
    reason text,
    digest_at timestamp with time zone,
    due_at timestamp with time zone NOT NULL,
    useful_until timestamp with time zone NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    throttled integer NOT NULL DEFAULT 0,
    lease_token bigint NOT NULL DEFAULT 0,
    lease_until timestamp with time zone,
    leased_by text,
    send_started_at timestamp with time zone,
    stale boolean NOT NULL DEFAULT false,
    press_token uuid NOT NULL DEFAULT (encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send(((EXTRACT(epoch FROM now()) * (1000)::numeric))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid,
    provider_message_id text,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    settled_at timestamp with time zone,
    claimed_at timestamp with time zone,
    cancelled_by text,
    on_request boolean NOT NULL DEFAULT false,
    proven boolean NOT NULL DEFAULT false,
    queue text GENERATED ALWAYS AS (CASE state WHEN 'pending'::text THEN 'due'::text WHEN 'retry'::text THEN 'due'::text WHEN 'uncertain'::text THEN 'held'::text ELSE NULL::text END) STORED,
    died_at timestamp with time zone GENERATED ALWAYS AS (CASE state WHEN 'dead'::text THEN COALESCE(settled_at, created_at) ELSE NULL::timestamp with time zone END) STORED,
    CONSTRAINT outbox_edit_has_target CHECK ((((operation = 'edit'::text) = (target_id IS NOT NULL)) AND ((operation = 'edit'::text) = (revision > 0)))),
    CONSTRAINT outbox_identity UNIQUE (occurrence_id, channel, number, revision),
    CONSTRAINT outbox_leased_iff_sending CHECK (((state = 'sending'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT outbox_operation_check CHECK ((operation = ANY (ARRAY['send'::text, 'edit'::text]))),
    CONSTRAINT outbox_pkey PRIMARY KEY (id),
    CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'retry'::text, 'sent'::text, 'uncertain'::text, 'dead'::text, 'cancelled'::text]))),
    CONSTRAINT outbox_target_id_fkey FOREIGN KEY (target_id) REFERENCES reminders.outbox(id)
) WITH (fillfactor=50);

CREATE TABLE reminders.party (
    subject_id bigint NOT NULL,
    role text NOT NULL,
    recipient_id bigint NOT NULL,
    happens_at timestamp with time zone,
    CONSTRAINT party_pkey PRIMARY KEY (subject_id, role, recipient_id),
    CONSTRAINT party_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id),
    CONSTRAINT party_role_check CHECK (((length(role) >= 1) AND (length(role) <= 32))),
    CONSTRAINT party_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES reminders.subject(id)
);

CREATE TABLE reminders.preference (
    recipient_id bigint NOT NULL,
    kind text NOT NULL DEFAULT '*'::text,
    channel text NOT NULL DEFAULT '*'::text,
    wanted boolean NOT NULL,
    CONSTRAINT preference_channel_check CHECK (((length(channel) >= 1) AND (length(channel) <= 32))),
    CONSTRAINT preference_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 64))),
    CONSTRAINT preference_pkey PRIMARY KEY (recipient_id, kind, channel),
    CONSTRAINT preference_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id)
);

CREATE TABLE reminders.press (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    message_id bigint NOT NULL,
    action text NOT NULL,
    effect text NOT NULL,
    sender text NOT NULL,
    provider_id text NOT NULL,
    pressed_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT press_message_id_fkey FOREIGN KEY (message_id) REFERENCES reminders.outbox(id) ON DELETE CASCADE,
    CONSTRAINT press_pkey PRIMARY KEY (id)
);

CREATE TABLE reminders.protection_key (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    xml text NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT protection_key_pkey PRIMARY KEY (id)
);

CREATE TABLE reminders.pseudonym_key (
    one boolean NOT NULL DEFAULT true,
    inner_block bytea NOT NULL,
    outer_block bytea NOT NULL,
    CONSTRAINT pseudonym_key_inner_block_check CHECK ((octet_length(inner_block) = 64)),
    CONSTRAINT pseudonym_key_one_check CHECK (one),
    CONSTRAINT pseudonym_key_outer_block_check CHECK ((octet_length(outer_block) = 64)),
    CONSTRAINT pseudonym_key_pkey PRIMARY KEY (one)
);

CREATE TABLE reminders.recipient (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    reference text NOT NULL,
    name text NOT NULL,
    locale text NOT NULL,
    zone text NOT NULL,
    quiet_from time without time zone,
    quiet_to time without time zone,
    start_code text NOT NULL DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text),
    unsubscribe_code text NOT NULL DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text),
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    owner text NOT NULL DEFAULT ''::text,
    identity bytea NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT recipient_identity UNIQUE (identity),
    CONSTRAINT recipient_locale_check CHECK (((length(locale) >= 2) AND (length(locale) <= 35))),
    CONSTRAINT recipient_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT recipient_owner_check CHECK ((length(owner) <= 100)),
    CONSTRAINT recipient_pkey PRIMARY KEY (id),
    CONSTRAINT recipient_quiet_hours CHECK (((quiet_from IS NULL) = (quiet_to IS NULL))),
    CONSTRAINT recipient_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 200))),
    CONSTRAINT recipient_start_code UNIQUE (start_code),
    CONSTRAINT recipient_unsubscribe_code UNIQUE (unsubscribe_code),
    CONSTRAINT recipient_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 64)))
);

CREATE TABLE reminders.recipient_group (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    owner text NOT NULL DEFAULT ''::text,
    CONSTRAINT recipient_group_name UNIQUE (name, owner),
    CONSTRAINT recipient_group_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT recipient_group_owner_check CHECK ((length(owner) <= 100)),
    CONSTRAINT recipient_group_pkey PRIMARY KEY (id)
);

CREATE TABLE reminders.reply (
    key bytea NOT NULL,
    what text NOT NULL,
    at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT reply_key_check CHECK ((octet_length(key) = 32)),
    CONSTRAINT reply_pkey PRIMARY KEY (key, what),
    CONSTRAINT reply_what_check CHECK ((what = ANY (ARRAY['questions'::text, 'nothing'::text])))
);

CREATE TABLE reminders.shared_data (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    hash bytea NOT NULL,
    data jsonb NOT NULL,
    used_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT shared_data_hash UNIQUE (hash),
    CONSTRAINT shared_data_pkey PRIMARY KEY (id)
);

CREATE TABLE reminders.sign_in_failure (
    login_hash bytea NOT NULL,
    failures integer NOT NULL DEFAULT 1,
    failed_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    locked_until timestamp with time zone,
    CONSTRAINT sign_in_failure_pkey PRIMARY KEY (login_hash)
);

CREATE TABLE reminders.socket_ticket (
    hash bytea NOT NULL,
    token_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT socket_ticket_pkey PRIMARY KEY (hash),
    CONSTRAINT socket_ticket_token_hash_fkey FOREIGN KEY (token_hash) REFERENCES reminders.access_token(hash) ON DELETE CASCADE
);

CREATE TABLE reminders.source (
    name text NOT NULL,
    checked_at timestamp with time zone,
    problem text,
    problem_at timestamp with time zone,
    pending integer NOT NULL DEFAULT 0,
    accepted_at timestamp with time zone,
    refused_at timestamp with time zone,
    refusal text,
    refused bigint NOT NULL DEFAULT 0,
    CONSTRAINT source_pkey PRIMARY KEY (name)
);

CREATE TABLE reminders.subject (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL,
    key text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    status text NOT NULL,
    happens_at timestamp with time zone,
    revision integer NOT NULL DEFAULT 1,
    announcement integer NOT NULL DEFAULT 1,
    told text GENERATED ALWAYS AS ((((COALESCE((EXTRACT(epoch FROM (happens_at AT TIME ZONE 'UTC'::text)))::bigint, (0)::bigint))::text || '/'::text) || (announcement)::text)) STORED,
    data jsonb NOT NULL DEFAULT '{}'::jsonb,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    changed_at timestamp with time zone NOT NULL DEFAULT now(),
    owner text NOT NULL DEFAULT ''::text,
    applied_status text,
    answer text,
    answer_then text,
    answer_version bigint,
    CONSTRAINT subject_answer_check CHECK (((length(answer) >= 1) AND (length(answer) <= 31))),
    CONSTRAINT subject_answer_then_check CHECK ((answer_then = ANY (ARRAY['closed'::text, 'changeable'::text, 'open'::text]))),
    CONSTRAINT subject_answer_whole CHECK ((((answer IS NULL) = (answer_then IS NULL)) AND ((answer IS NULL) = (answer_version IS NULL)))),
    CONSTRAINT subject_applied_status_check CHECK (((length(applied_status) >= 1) AND (length(applied_status) <= 32))),
    CONSTRAINT subject_identity UNIQUE (type, key, owner),
    CONSTRAINT subject_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200))),
    CONSTRAINT subject_owner_check CHECK ((length(owner) <= 100)),
    CONSTRAINT subject_pkey PRIMARY KEY (id),
    CONSTRAINT subject_status_check CHECK (((length(status) >= 1) AND (length(status) <= 32))),
    CONSTRAINT subject_type_check CHECK (((length(type) >= 1) AND (length(type) <= 64))),
    CONSTRAINT subject_version_check CHECK ((version >= 1))
);

CREATE TABLE reminders.suppression (
    occurrence_id bigint NOT NULL,
    rule text NOT NULL,
    count integer NOT NULL DEFAULT 1,
    first_at timestamp with time zone NOT NULL DEFAULT now(),
    last_at timestamp with time zone NOT NULL DEFAULT now(),
    last_by text NOT NULL,
    CONSTRAINT suppression_occurrence_id_fkey FOREIGN KEY (occurrence_id) REFERENCES reminders.occurrence(id) ON DELETE CASCADE,
    CONSTRAINT suppression_pkey PRIMARY KEY (occurrence_id, rule)
);

CREATE TABLE reminders.tally (
    size text NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    outcome text NOT NULL,
    bucket smallint NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT tally_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'dead'::text, 'uncertain'::text, 'cancelled'::text, 'suppressed'::text]))),
    CONSTRAINT tally_pkey PRIMARY KEY (size, at, kind, channel, outcome, bucket),
    CONSTRAINT tally_size_check CHECK ((size = ANY (ARRAY['minute'::text, 'hour'::text])))
);

CREATE TABLE reminders.tally_mark (
    one boolean NOT NULL DEFAULT true,
    upto bigint NOT NULL DEFAULT 0,
    suppressions_until timestamp with time zone,
    CONSTRAINT tally_mark_one_check CHECK (one),
    CONSTRAINT tally_mark_pkey PRIMARY KEY (one)
);

CREATE TABLE reminders.tally_open (
    message_id bigint NOT NULL,
    doubted_at timestamp with time zone,
    unseen xid8,
    noted_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT tally_open_pkey PRIMARY KEY (message_id)
);

CREATE TABLE reminders.text_seen (
    kind text NOT NULL,
    locale text NOT NULL,
    print text NOT NULL,
    stay integer NOT NULL,
    prints jsonb NOT NULL,
    first_seen timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    last_seen timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT text_seen_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 64))),
    CONSTRAINT text_seen_locale_check CHECK (((length(locale) >= 2) AND (length(locale) <= 35))),
    CONSTRAINT text_seen_pkey PRIMARY KEY (kind, locale, print, stay),
    CONSTRAINT text_seen_prints_check CHECK ((jsonb_typeof(prints) = 'object'::text)),
    CONSTRAINT text_seen_stay_check CHECK ((stay > 0))
) WITH (fillfactor=70);

CREATE TABLE reminders.text_version (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    locale text NOT NULL,
    version integer NOT NULL,
    texts jsonb NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    reason text NOT NULL,
    CONSTRAINT text_version_identity UNIQUE (kind, locale, version),
    CONSTRAINT text_version_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 64))),
    CONSTRAINT text_version_locale_check CHECK (((length(locale) >= 2) AND (length(locale) <= 35))),
    CONSTRAINT text_version_pkey PRIMARY KEY (id),
    CONSTRAINT text_version_texts_check CHECK ((jsonb_typeof(texts) = 'object'::text)),
    CONSTRAINT text_version_version_check CHECK ((version > 0))
);

CREATE TABLE reminders.throttle (
    channel text NOT NULL,
    address text NOT NULL,
    next_at timestamp with time zone NOT NULL,
    reason text,
    CONSTRAINT throttle_pkey PRIMARY KEY (channel, address)
) WITH (fillfactor=70);

CREATE TABLE reminders.webhook (
    one boolean NOT NULL DEFAULT true,
    events text[] NOT NULL,
    wanted_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    gone_at timestamp with time zone,
    gone_endpoint text,
    CONSTRAINT webhook_one_check CHECK (one),
    CONSTRAINT webhook_pkey PRIMARY KEY (one)
);

CREATE TABLE reminders.webhook_event (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    event_id uuid NOT NULL DEFAULT gen_random_uuid(),
    type text NOT NULL,
    subject_id bigint NOT NULL,
    occurrence_id bigint NOT NULL DEFAULT 0,
    message_id bigint NOT NULL DEFAULT 0,
    turn integer NOT NULL DEFAULT 0,
    occurred_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    version bigint NOT NULL,
    kind text,
    recipient_id bigint,
    channel text,
    answer text,
    status text,
    way text,
    reason text,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    lease bigint NOT NULL DEFAULT 0,
    trouble text,
    died_at timestamp with time zone,
    CONSTRAINT webhook_event_identity UNIQUE (type, subject_id, occurrence_id, message_id, turn),
    CONSTRAINT webhook_event_pkey PRIMARY KEY (id),
    CONSTRAINT webhook_event_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES reminders.subject(id),
    CONSTRAINT webhook_event_type_check CHECK ((type = ANY (ARRAY['message.sent'::text, 'message.held'::text, 'message.answered'::text, 'message.unreachable'::text])))
);

CREATE TABLE reminders.window_key (
    kind text NOT NULL,
    subject_id bigint NOT NULL,
    recipient_id bigint NOT NULL,
    fingerprint text NOT NULL,
    armed_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    version bigint NOT NULL DEFAULT nextval('reminders.window_version'::regclass),
    CONSTRAINT window_key_pkey PRIMARY KEY (kind, subject_id, recipient_id, fingerprint),
    CONSTRAINT window_key_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES reminders.recipient(id),
    CONSTRAINT window_key_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES reminders.subject(id)
);

CREATE INDEX access_token_expiry ON reminders.access_token USING btree (expires_at);

CREATE UNIQUE INDEX account_first ON reminders.account USING btree (is_first) WHERE is_first;

CREATE UNIQUE INDEX account_login ON reminders.account USING btree (lower(login));

CREATE INDEX address_alias ON reminders.address USING btree (channel, alias) WHERE (alias IS NOT NULL);

CREATE INDEX address_key ON reminders.address USING btree (key);

CREATE INDEX address_lookup ON reminders.address USING btree (channel, address);

CREATE INDEX address_state ON reminders.address USING btree (state, recipient_id) WHERE (state <> 'reachable'::text);

CREATE INDEX answer_event_due ON reminders.answer_event USING btree (due_at, id) WHERE (died_at IS NULL);

CREATE INDEX answer_event_of_subject ON reminders.answer_event USING btree (subject_id, id) WHERE (died_at IS NULL);

CREATE INDEX app_event_due ON reminders.app_event USING btree (due_at, id) WHERE (died_at IS NULL);

CREATE INDEX app_event_of_subject ON reminders.app_event USING btree (subject_id, id) WHERE (died_at IS NULL);

CREATE INDEX audit_about ON reminders.audit USING btree (about, id);

CREATE INDEX audit_actor ON reminders.audit USING btree (actor);

CREATE INDEX bulk_action_open ON reminders.bulk_action USING btree (id) WHERE (ended_at IS NULL);

CREATE INDEX bulk_message_open ON reminders.bulk_message USING btree (bulk_id, subject_id, message_id) WHERE (done_at IS NULL);

CREATE INDEX group_member_recipient ON reminders.group_member USING btree (recipient_id);

CREATE INDEX idempotency_age ON reminders.idempotency USING btree (created_at);

CREATE INDEX inbound_update_due ON reminders.inbound_update USING btree (seq) WHERE (state = 'received'::text);

CREATE INDEX inbound_update_failed ON reminders.inbound_update USING btree (seq) WHERE (state = 'failed'::text);

CREATE INDEX inbound_update_person ON reminders.inbound_update USING btree (source, sender);

CREATE INDEX inbound_update_sender ON reminders.inbound_update USING btree (sender, seq) WHERE (state = 'received'::text);

CREATE INDEX inbox_item_data ON reminders.inbox_item USING btree (data_id) WHERE (data_id IS NOT NULL);

CREATE INDEX inbox_item_kind ON reminders.inbox_item USING btree (recipient_id, kind, seq);

CREATE INDEX inbox_item_subject ON reminders.inbox_item USING btree (recipient_id, subject_type, subject_key, seq);

CREATE INDEX inbox_item_unread ON reminders.inbox_item USING btree (recipient_id, seq) INCLUDE (kind) WHERE (read_at IS NULL);

CREATE INDEX incident_began ON reminders.incident USING btree (began_at);

CREATE UNIQUE INDEX incident_open ON reminders.incident USING btree (channel) WHERE (ended_at IS NULL);

CREATE INDEX instant_due ON reminders.instant USING btree (due_second);

CREATE INDEX lease_end_at ON reminders.lease_end USING btree (at, id);

CREATE INDEX occurrence_data ON reminders.occurrence USING btree (data_id) WHERE (data_id IS NOT NULL);

CREATE INDEX occurrence_digest ON reminders.occurrence USING btree (digest_of) WHERE (digest_of IS NOT NULL);

CREATE INDEX occurrence_due ON reminders.occurrence USING btree (kind, due_at, id) WHERE (state = 'planned'::text);

CREATE INDEX occurrence_fresh ON reminders.occurrence USING btree (fired_at) WHERE (state = 'waiting'::text);

CREATE INDEX occurrence_recipient ON reminders.occurrence USING btree (recipient_id);

CREATE INDEX occurrence_waiting ON reminders.occurrence USING btree (recipient_id, useful_until) WHERE (state = 'waiting'::text);

CREATE INDEX operator_action_message ON reminders.operator_action USING btree (message_id);

CREATE INDEX outbox_created ON reminders.outbox USING btree (created_at, id);

CREATE INDEX outbox_dead ON reminders.outbox USING btree (died_at, id) WHERE (died_at IS NOT NULL);

CREATE UNIQUE INDEX outbox_digest ON reminders.outbox USING btree (kind, recipient_id, digest_at) WHERE (digest_at IS NOT NULL);

CREATE INDEX outbox_due ON reminders.outbox USING btree (channel, kind, due_at, id) WHERE (queue = 'due'::text);

CREATE INDEX outbox_edits ON reminders.outbox USING btree (target_id) WHERE (target_id IS NOT NULL);

CREATE INDEX outbox_held ON reminders.outbox USING btree (useful_until, id) WHERE (queue = 'held'::text);

CREATE UNIQUE INDEX outbox_press_token ON reminders.outbox USING btree (press_token);

CREATE INDEX party_days ON reminders.party USING btree (recipient_id, happens_at, subject_id) WHERE ((role = 'recruiter'::text) AND (happens_at IS NOT NULL));

CREATE INDEX party_recipient ON reminders.party USING btree (recipient_id);

CREATE INDEX press_message ON reminders.press USING btree (message_id);

CREATE INDEX recipient_listed ON reminders.recipient USING btree (created_at, id) WHERE (erased_at IS NULL);

CREATE INDEX recipient_listed_of ON reminders.recipient USING btree (owner, created_at, id) WHERE (erased_at IS NULL);

CREATE INDEX recipient_name ON reminders.recipient USING btree (lower(name) text_pattern_ops) WHERE (erased_at IS NULL);

CREATE INDEX recipient_reference ON reminders.recipient USING btree (reference, owner) WHERE (erased_at IS NULL);

CREATE INDEX reply_age ON reminders.reply USING btree (at);

CREATE INDEX shared_data_used ON reminders.shared_data USING btree (used_at);

CREATE INDEX socket_ticket_token ON reminders.socket_ticket USING btree (token_hash);

CREATE INDEX subject_bookings ON reminders.subject USING btree (happens_at, id) WHERE (type = 'booking'::text);

CREATE INDEX subject_bookings_in ON reminders.subject USING btree (status, happens_at, id) WHERE (type = 'booking'::text);

CREATE INDEX subject_bookings_of ON reminders.subject USING btree (owner, happens_at, id) WHERE (type = 'booking'::text);

CREATE INDEX suppression_first ON reminders.suppression USING btree (first_at, occurrence_id, rule);

CREATE INDEX throttle_paused ON reminders.throttle USING btree (channel, next_at) WHERE (reason IS NOT NULL);

CREATE INDEX webhook_event_due ON reminders.webhook_event USING btree (due_at, id) WHERE (died_at IS NULL);

CREATE INDEX webhook_event_of_subject ON reminders.webhook_event USING btree (subject_id, id) WHERE (died_at IS NULL);

CREATE OR REPLACE FUNCTION reminders.address_key(on_channel text, address text)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT sha256(convert_to(on_channel || ':' || CASE on_channel
        WHEN 'telegram' THEN ltrim(btrim(address), '0')
        -- No country code begins with 0: 0049 is +49.
        WHEN 'whatsapp' THEN ltrim(regexp_replace(address, '\D', '', 'g'), '0')
        -- Providers that tell Anna from anna exist in books only, and a mail too few is the better mistake.
        WHEN 'email' THEN lower(btrim(address))
        ELSE btrim(address) END, 'UTF8'))
$function$;

CREATE OR REPLACE FUNCTION reminders.answered_as(s reminders.subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE reminders.question(s) WHEN 'open' THEN 'approved' ELSE s.status END
$function$;

CREATE OR REPLACE FUNCTION reminders.can_edit(on_channel text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT on_channel = 'telegram'
$function$;

CREATE OR REPLACE FUNCTION reminders.clock_shows(zone text, shown timestamp without time zone)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE
AS $function$
DECLARE
    later   timestamptz := shown AT TIME ZONE zone;
    gap     interval := (later AT TIME ZONE zone) - shown;
    earlier timestamptz;
    middle  timestamptz;
BEGIN
    IF gap <= interval '0' THEN
        RETURN later;
    END IF;
    -- The clock was put forward somewhere in between; found to the second.
    earlier := later - gap;
    WHILE later - earlier > interval '1 second' LOOP
        middle := earlier + (later - earlier) / 2;
        IF middle AT TIME ZONE zone < shown THEN
            earlier := middle;
        ELSE
            later := middle;
        END IF;
    END LOOP;
    RETURN date_trunc('second', later);
END $function$;

CREATE OR REPLACE FUNCTION reminders.hear_events(wanted text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '2s'
AS $function$
BEGIN
    INSERT INTO reminders.app_listening AS l (type) SELECT DISTINCT unnest(wanted) ORDER BY 1
    ON CONFLICT (type) DO UPDATE SET wanted_at = excluded.wanted_at;
    IF EXISTS (SELECT FROM pg_trigger
               WHERE tgrelid = 'reminders.outbox'::regclass AND tgname = 'outbox_told' AND tgenabled = 'D') THEN
        ALTER TABLE reminders.outbox ENABLE TRIGGER outbox_told;
        RETURN true;
    END IF;
    RETURN false;
END $function$;

CREATE OR REPLACE FUNCTION reminders.is_announced(of_occurrence bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN EXISTS (
        SELECT FROM reminders.outbox m
        WHERE m.occurrence_id = of_occurrence AND m.operation = 'send'
          AND (m.state IN ('sent', 'uncertain') OR m.state = 'sending' AND m.send_started_at IS NOT NULL))
        OR EXISTS (SELECT FROM reminders.inbox_item i WHERE i.occurrence_id = of_occurrence);
END $function$;

CREATE OR REPLACE FUNCTION reminders.is_heard(of_type text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN EXISTS (SELECT FROM reminders.app_listening WHERE type = of_type AND wanted_at > now() - interval '1 day');
END $function$;

CREATE OR REPLACE FUNCTION reminders.is_wanted(of_type text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN EXISTS (SELECT FROM reminders.webhook WHERE of_type = ANY (events) AND wanted_at > now() - interval '1 day');
END $function$;

CREATE OR REPLACE FUNCTION reminders.local_time(zone text, instant timestamp with time zone)
 RETURNS timestamp without time zone
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN instant AT TIME ZONE zone;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION reminders.made_by(answer text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE answer WHEN 'confirm' THEN 'confirmed' WHEN 'decline' THEN 'declined' ELSE answer END
$function$;

CREATE OR REPLACE FUNCTION reminders.masked(address text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN address LIKE '%@%' THEN left(address, 1) || '…@' || split_part(address, '@', 2)
                WHEN length(address) > 4 THEN '…' || right(address, 3)
                ELSE '…' END
$function$;

CREATE OR REPLACE FUNCTION reminders.outbox_told()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM now_so WHERE state IN ('sent', 'uncertain', 'dead')) THEN
        RETURN NULL;
    END IF;
    WITH told AS MATERIALIZED (
        SELECT gen_random_uuid() AS event_id, t.type, o.subject_id, o.id AS occurrence_id, n.id AS message_id, o.version, o.kind,
               n.recipient_id, n.channel, n.reason
        FROM now_so n
        JOIN was_so w ON w.id = n.id
        JOIN reminders.occurrence o ON o.id = n.occurrence_id
        CROSS JOIN LATERAL (SELECT CASE n.state WHEN 'sent' THEN 'message.sent' WHEN 'uncertain' THEN 'message.held'
                                                WHEN 'dead' THEN 'message.unreachable' END AS type) t
        WHERE n.operation = 'send' AND n.state <> w.state AND (reminders.is_wanted(t.type) OR reminders.is_heard(t.type))
          AND NOT (n.state = 'dead' AND EXISTS (
              SELECT FROM reminders.outbox x
              WHERE x.occurrence_id = n.occurrence_id AND x.operation = 'send' AND x.id <> n.id
                AND x.state IN ('pending', 'retry', 'sending', 'sent', 'uncertain')))
        ORDER BY n.id),
    by_webhook AS (
        INSERT INTO reminders.webhook_event
            (event_id, type, subject_id, occurrence_id, message_id, version, kind, recipient_id, channel, reason)
        SELECT event_id, type, subject_id, occurrence_id, message_id, version, kind, recipient_id, channel, reason
        FROM told WHERE reminders.is_wanted(type) ORDER BY message_id
        ON CONFLICT ON CONSTRAINT webhook_event_identity DO NOTHING)
    INSERT INTO reminders.app_event
        (event_id, type, subject_id, occurrence_id, message_id, version, kind, recipient_id, channel, reason)
    SELECT event_id, type, subject_id, occurrence_id, message_id, version, kind, recipient_id, channel, reason
    FROM told WHERE reminders.is_heard(type) ORDER BY message_id
    ON CONFLICT ON CONSTRAINT app_event_identity DO NOTHING;
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION reminders.party_begins()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    NEW.happens_at := (SELECT s.happens_at FROM reminders.subject s WHERE s.id = NEW.subject_id);
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION reminders.pseudonym(of_owner text, of_reference text)
 RETURNS bytea
 LANGUAGE sql
 STABLE
AS $function$
    SELECT sha256(k.outer_block || sha256(k.inner_block || convert_to(of_owner, 'UTF8') || '\x00'::bytea || convert_to(of_reference, 'UTF8')))
    FROM reminders.pseudonym_key k
$function$;

CREATE OR REPLACE FUNCTION reminders.question(s reminders.subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN s.status = 'cancelled' THEN 'off'
                WHEN s.answer_version = s.version AND s.answer_then <> 'open' AND s.status = reminders.made_by(s.answer) THEN s.answer_then
                WHEN s.status = 'confirmed' THEN 'changeable'
                WHEN s.status = 'declined' THEN 'closed'
                WHEN s.status = 'approved' OR s.status = s.applied_status THEN 'open'
                ELSE 'off' END
$function$;

CREATE OR REPLACE FUNCTION reminders.quiet_until(zone text, quiet_from time without time zone, quiet_to time without time zone, instant timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE
AS $function$
DECLARE
    here timestamp;
    ends timestamp;
BEGIN
    here := instant AT TIME ZONE zone;
    ends := here::date + quiet_to;
    IF quiet_from IS NULL OR quiet_from = quiet_to THEN
        RETURN NULL;
    ELSIF quiet_from < quiet_to THEN
        RETURN CASE WHEN here::time >= quiet_from AND here::time < quiet_to THEN reminders.clock_shows(zone, ends) END;
    ELSIF here::time >= quiet_from THEN
        RETURN reminders.clock_shows(zone, ends + interval '1 day');
    ELSE
        RETURN CASE WHEN here::time < quiet_to THEN reminders.clock_shows(zone, ends) END;
    END IF;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION reminders.recipient_is_somebody()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.identity := reminders.pseudonym(NEW.owner, NEW.reference);
    ELSIF OLD.erased_at IS NOT NULL AND NEW.erased_at IS NULL THEN
        -- Somebody erased is told nothing; somebody given again wants what they say from now on.
        DELETE FROM reminders.preference WHERE recipient_id = NEW.id;
    END IF;
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION reminders.recruited_by(s reminders.subject, recruiter bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN recruiter IS NULL OR EXISTS (
        SELECT FROM reminders.party p WHERE p.subject_id = s.id AND p.role = 'recruiter' AND p.recipient_id = recruiter);
END $function$;

CREATE OR REPLACE FUNCTION reminders.standing_answer(s reminders.subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN s.status = 'confirmed' THEN 'confirm'
                WHEN s.status = 'declined' THEN 'decline'
                WHEN s.answer_version = s.version AND (s.answer_then = 'open' OR s.status = reminders.made_by(s.answer)) THEN s.answer END
$function$;

CREATE OR REPLACE FUNCTION reminders.still_says_so(of_occurrence bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN (
        SELECT NOT o.fenced OR o.version = s.version OR o.told = s.told AND NOT EXISTS (
            SELECT FROM reminders.occurrence later
            WHERE later.subject_id = o.subject_id AND later.kind = o.kind AND later.recipient_id = o.recipient_id
              AND later.version > o.version AND later.told <> o.told AND reminders.is_announced(later.id))
        FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
        WHERE o.id = of_occurrence);
END $function$;

CREATE OR REPLACE FUNCTION reminders.subject_moved()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    UPDATE reminders.party SET happens_at = NEW.happens_at WHERE subject_id = NEW.id AND role = 'recruiter';
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION reminders.unwanted(o reminders.occurrence, s reminders.subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN o.fenced AND o.version <> s.version THEN 'superseded ' || s.version::text
                WHEN o.superseded_by IS NOT NULL THEN 'superseded ' || o.superseded_by::text
                WHEN cardinality(o.wanted_in) > 0 AND s.status <> ALL (o.wanted_in) THEN 'subject_is: ' || s.status
                -- What asks and does not say when it is wanted asks until it is answered.
                WHEN o.has_buttons AND cardinality(o.wanted_in) = 0 AND reminders.question(s) IN ('changeable', 'closed')
                    THEN 'subject_is: ' || s.status END
$function$;

CREATE OR REPLACE FUNCTION reminders.want_events(wanted text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '2s'
AS $function$
BEGIN
    INSERT INTO reminders.webhook AS w (events) VALUES (wanted)
    ON CONFLICT (one) DO UPDATE SET events = excluded.events, wanted_at = clock_timestamp();
    IF EXISTS (SELECT FROM pg_trigger
               WHERE tgrelid = 'reminders.outbox'::regclass AND tgname = 'outbox_told' AND tgenabled = 'D') THEN
        ALTER TABLE reminders.outbox ENABLE TRIGGER outbox_told;
        RETURN true;
    END IF;
    RETURN false;
END $function$;

CREATE OR REPLACE FUNCTION reminders.want_no_events()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '2s'
AS $function$
DECLARE
    told bigint;
    heard bigint;
BEGIN
    DELETE FROM reminders.webhook;
    IF NOT EXISTS (SELECT FROM reminders.app_listening) THEN
        ALTER TABLE reminders.outbox DISABLE TRIGGER outbox_told;
    END IF;
    DELETE FROM reminders.webhook_event;
    GET DIAGNOSTICS told = ROW_COUNT;
    DELETE FROM reminders.app_event e WHERE NOT EXISTS (SELECT FROM reminders.app_listening l WHERE l.type = e.type);
    GET DIAGNOSTICS heard = ROW_COUNT;
    RETURN told + heard;
END $function$;

CREATE OR REPLACE FUNCTION reminders.wants(of_recipient bigint, of_kind text, on_channel text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN coalesce((
        SELECT wanted FROM reminders.preference
        WHERE recipient_id = of_recipient AND kind IN (of_kind, '*') AND channel IN (on_channel, '*')
        ORDER BY kind = '*', channel = '*' LIMIT 1), true);
END $function$;

CREATE VIEW reminders.booking AS
 SELECT s.key AS id,
    s.status,
    s.version AS schedule_version,
    s.happens_at AS starts_at,
    s.data ->> 'title'::text AS title,
    c.name AS candidate,
    r.name AS recruiter,
    s.changed_at,
    s.id AS subject_id
   FROM reminders.subject s
     LEFT JOIN reminders.party pc ON pc.subject_id = s.id AND pc.role = 'candidate'::text
     LEFT JOIN reminders.recipient c ON c.id = pc.recipient_id
     LEFT JOIN reminders.party pr ON pr.subject_id = s.id AND pr.role = 'recruiter'::text
     LEFT JOIN reminders.recipient r ON r.id = pr.recipient_id
  WHERE s.type = 'booking'::text;

CREATE VIEW reminders.every_attempt AS
 SELECT attempt.message_id,
    attempt.lease_token,
    attempt.node,
    attempt.claimed_at,
    attempt.started_at,
    attempt.settled_at,
    attempt.outcome,
    attempt.detail
   FROM reminders.attempt
UNION ALL
 SELECT m.id AS message_id,
    m.lease_token,
    m.leased_by AS node,
    m.claimed_at,
    m.send_started_at AS started_at,
    m.settled_at,
    'sent'::text AS outcome,
    NULL::text AS detail
   FROM reminders.outbox m
  WHERE (m.state = 'sent'::text OR m.state = 'dead'::text AND m.provider_message_id IS NOT NULL) AND m.send_started_at IS NOT NULL AND m.leased_by IS NOT NULL AND NOT (EXISTS ( SELECT
           FROM reminders.attempt a
          WHERE a.message_id = m.id AND (a.lease_token = m.lease_token OR a.lease_token = (m.lease_token - 1) AND a.outcome = 'lease lost'::text)));

CREATE VIEW reminders.paused_kind AS
 SELECT kind_pause.kind,
    kind_pause.since,
    kind_pause.until,
    kind_pause.paused_by,
    kind_pause.reason
   FROM reminders.kind_pause
  WHERE kind_pause.until IS NULL OR kind_pause.until > clock_timestamp();

CREATE VIEW reminders.telling AS
 SELECT o.subject_id,
    o.kind,
    o.recipient_id,
    o.told,
    o.version,
    o.id AS occurrence_id,
    m.occurrence_id AS lead_id,
    m.id AS message_id,
    m.channel,
    m.number,
    m.state = 'sent'::text AS surely,
    d.doubt IS NOT NULL AS doubted,
    m.number = 0 AND m.created_at <= o.fired_at AS at_once,
    m.on_request,
    COALESCE(m.send_started_at, m.settled_at, m.created_at) AS told_at
   FROM reminders.occurrence o
     JOIN reminders.outbox m ON m.occurrence_id = COALESCE(o.digest_of, o.id) AND m.operation = 'send'::text
     LEFT JOIN LATERAL ( SELECT max(a.outcome) AS doubt
           FROM reminders.attempt a
          WHERE a.message_id = m.id AND (a.outcome = ANY (ARRAY['uncertain'::text, 'uncertain, resent'::text, 'lease lost'::text]))) d ON true
  WHERE (o.digest_of IS NULL OR o.state = 'fired'::text) AND ((m.state = ANY (ARRAY['sent'::text, 'uncertain'::text])) OR m.state = 'sending'::text AND m.send_started_at IS NOT NULL OR m.state = 'dead'::text AND d.doubt IS NOT NULL AND (COALESCE(m.reason, ''::text) !~~ ALL (ARRAY['not\_delivered\_says: %'::text, 'failed\_later %'::text, 'not delivered%'::text, 'WhatsApp said later that it failed%'::text])))
UNION ALL
 SELECT o.subject_id,
    o.kind,
    o.recipient_id,
    o.told,
    o.version,
    o.id AS occurrence_id,
    o.id AS lead_id,
    NULL::bigint AS message_id,
    'inbox'::text AS channel,
    0 AS number,
    true AS surely,
    false AS doubted,
    i.created_at <= o.fired_at AS at_once,
    false AS on_request,
    i.created_at AS told_at
   FROM reminders.occurrence o
     JOIN reminders.inbox_item i ON i.occurrence_id = o.id;

CREATE VIEW reminders.told_twice AS
 SELECT t.subject_id,
    t.kind,
    t.recipient_id,
    t.told,
    t.occurrence_id,
    t.message_id,
    t.channel,
    t.number,
    t.surely,
    t.told_at,
    t.before_occurrence,
    t.before_message,
    t.before_channel,
        CASE
            WHEN t.copy > 1 THEN NULL::text
            WHEN t.on_request THEN 'they wrote, and were asked again'::text
            WHEN t.number > 0 THEN COALESCE(( SELECT (((('an operator had it '::text || a.action) || ' ('::text) || a.acted_by) || '): '::text) || a.reason
               FROM reminders.outbox p
                 JOIN reminders.operator_action a ON a.message_id = p.id
              WHERE p.occurrence_id = t.lead_id AND p.channel = t.channel AND p.operation = 'send'::text AND p.number = (t.number - 1) AND (a.action ~~ ANY (ARRAY['resent%'::text, 'replayed%'::text]))
              ORDER BY a.id DESC
             LIMIT 1), ( SELECT
                    CASE
                        WHEN (EXISTS ( SELECT
                           FROM reminders.attempt a
                          WHERE a.message_id = p.id AND (a.outcome = ANY (ARRAY['uncertain, resent'::text, 'lease lost'::text])))) THEN 'the kind sends again what is in doubt'::text
                        ELSE 'it took the place of one that did not arrive'::text
                    END AS "case"
               FROM reminders.outbox p
              WHERE p.occurrence_id = t.lead_id AND p.channel = t.channel AND p.operation = 'send'::text AND p.number = (t.number - 1) AND p.state = 'dead'::text))
            WHEN t.before_occurrence <> t.occurrence_id THEN
            CASE
                WHEN NOT t.before_surely THEN 'what was sent before ended in doubt'::text
                ELSE NULL::text
            END
            WHEN t.at_once THEN 'the kind goes to every channel'::text
            ELSE ( SELECT ((('a fall-back: '::text || p.channel) || ' message '::text) || p.id) || ' was in doubt or did not arrive'::text
               FROM reminders.outbox p
              WHERE p.occurrence_id = t.lead_id AND p.channel <> t.channel AND p.operation = 'send'::text AND ((p.state = ANY (ARRAY['uncertain'::text, 'dead'::text])) OR (EXISTS ( SELECT
                       FROM reminders.attempt a
                      WHERE a.message_id = p.id AND (a.outcome = ANY (ARRAY['uncertain'::text, 'lease lost'::text])))))
              ORDER BY p.id
             LIMIT 1)
        END AS reason
   FROM ( SELECT t_1.subject_id,
            t_1.kind,
            t_1.recipient_id,
            t_1.told,
            t_1.version,
            t_1.occurrence_id,
            t_1.lead_id,
            t_1.message_id,
            t_1.channel,
            t_1.number,
            t_1.surely,
            t_1.doubted,
            t_1.at_once,
            t_1.on_request,
            t_1.told_at,
            lag(t_1.told) OVER earlier AS before_told,
            lag(t_1.occurrence_id) OVER earlier AS before_occurrence,
            lag(t_1.message_id) OVER earlier AS before_message,
            lag(t_1.channel) OVER earlier AS before_channel,
            lag(t_1.surely) OVER earlier AS before_surely,
            row_number() OVER (PARTITION BY t_1.occurrence_id, t_1.channel, t_1.number ORDER BY t_1.told_at, t_1.message_id) AS copy
           FROM reminders.telling t_1
          WINDOW earlier AS (PARTITION BY t_1.subject_id, t_1.kind, t_1.recipient_id ORDER BY t_1.version, t_1.told_at, t_1.message_id NULLS FIRST)) t
  WHERE t.before_told = t.told;

CREATE VIEW reminders.under_way AS
 SELECT outbox.id,
    outbox.kind,
    outbox.channel,
    outbox.leased_by,
    outbox.lease_until,
    outbox.send_started_at
   FROM reminders.outbox
  WHERE (outbox.id = ANY ((ARRAY( SELECT unnest(lease_end.messages) AS unnest
           FROM reminders.lease_end)))) AND outbox.state = 'sending'::text;

CREATE TRIGGER outbox_told AFTER UPDATE ON reminders.outbox REFERENCING OLD TABLE AS was_so NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION reminders.outbox_told();

CREATE TRIGGER party_begins BEFORE INSERT ON reminders.party FOR EACH ROW WHEN ((new.role = 'recruiter'::text)) EXECUTE FUNCTION reminders.party_begins();

CREATE TRIGGER recipient_is_somebody BEFORE INSERT OR UPDATE OF erased_at ON reminders.recipient FOR EACH ROW EXECUTE FUNCTION reminders.recipient_is_somebody();

CREATE TRIGGER subject_moved AFTER UPDATE OF happens_at ON reminders.subject FOR EACH ROW WHEN ((old.happens_at IS DISTINCT FROM new.happens_at)) EXECUTE FUNCTION reminders.subject_moved();
