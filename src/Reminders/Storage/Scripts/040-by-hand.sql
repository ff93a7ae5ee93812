-- works beside builds from: 33
-- What people decide: pauses of a channel until a time, and of a kind; one decision over many messages. An older build does not know
-- them: it sends a kind that is paused, has a channel stopped until somebody resumes it, and works through no decisions.
ALTER TABLE reminders.channel ADD COLUMN stopped_until timestamptz;

CREATE TABLE reminders.kind_pause (
    kind      text        PRIMARY KEY,
    since     timestamptz NOT NULL,
    until     timestamptz,
    paused_by text        NOT NULL,
    reason    text        NOT NULL
);

-- Those that wait now: a pause that is over stays in its table until the next.
CREATE VIEW reminders.paused_kind AS
SELECT kind, since, until, paused_by, reason FROM reminders.kind_pause WHERE until IS NULL OR until > clock_timestamp();

-- One decision over many messages: those that matched when it was made, and no others. Any node goes on with it.
CREATE TABLE reminders.bulk_action (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    act        text        NOT NULL CHECK (act IN ('arrived', 'lost', 'resend', 'replay')),
    selection  jsonb       NOT NULL,
    reason     text        NOT NULL,
    asked_by   text        NOT NULL,
    asked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    total      integer     NOT NULL,
    stopped_by text,
    ended_at   timestamptz
);
CREATE INDEX bulk_action_open ON reminders.bulk_action (id) WHERE ended_at IS NULL;

-- In the order of their subjects, so that two decisions at once cannot deadlock.
CREATE TABLE reminders.bulk_message (
    bulk_id    bigint NOT NULL REFERENCES reminders.bulk_action ON DELETE CASCADE,
    subject_id bigint NOT NULL,
    message_id bigint NOT NULL,
    refusal    text,
    done_at    timestamptz,
    PRIMARY KEY (bulk_id, subject_id, message_id)
);
CREATE INDEX bulk_message_open ON reminders.bulk_message (bulk_id, subject_id, message_id) WHERE done_at IS NULL;
