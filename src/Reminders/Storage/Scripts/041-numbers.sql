-- works beside builds from: 33

-- How many messages ended, in which way and how late, by minute for two days and by hour for ninety. No index is on settled_at, which
-- settling changes (decision 17), so what has ended is found by what is not counted yet: decision 24.
CREATE TABLE reminders.tally (
    size    text        NOT NULL CHECK (size IN ('minute', 'hour')),
    at      timestamptz NOT NULL,
    kind    text        NOT NULL,
    -- Empty for what was suppressed: it never had one.
    channel text        NOT NULL,
    outcome text        NOT NULL CHECK (outcome IN ('sent', 'dead', 'uncertain', 'cancelled', 'suppressed')),
    -- Of what was sent: how late, see latency-bucket.sql. 0 for the rest.
    bucket  smallint    NOT NULL,
    count   bigint      NOT NULL,
    CONSTRAINT tally_pkey PRIMARY KEY (size, at, kind, channel, outcome, bucket)
);

-- The messages up to tally_mark.upto that are not counted for good: not ended, in doubt, or not there when they were looked for.
CREATE TABLE reminders.tally_open (
    message_id bigint      NOT NULL CONSTRAINT tally_open_pkey PRIMARY KEY,
    -- It is counted as a doubt of then, until it ends.
    doubted_at timestamptz,
    -- It was not there, and whoever took its number is older than this transaction.
    unseen     xid8,
    noted_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE reminders.tally_mark (
    one                boolean     NOT NULL DEFAULT true CHECK (one) CONSTRAINT tally_mark_pkey PRIMARY KEY,
    upto               bigint      NOT NULL DEFAULT 0,
    suppressions_until timestamptz
);
INSERT INTO reminders.tally_mark DEFAULT VALUES;

-- Who found that its time had come: trigger, reconciler or dispatcher. Nobody is on record for what fired before.
ALTER TABLE reminders.occurrence ADD COLUMN fired_via text;
