-- A message that is sent at once is written twice: inserted as started, and settled. The second stays on its page and touches no
-- index (HOT), for no index holds what it changes, not even in its condition. That is what these columns and this table are for.
ALTER TABLE reminders.outbox SET (fillfactor = 50);

ALTER TABLE reminders.outbox
    -- Where somebody has to look for it: NULL from start to success, and again when all is over.
    ADD COLUMN queue text GENERATED ALWAYS AS (
        CASE state WHEN 'pending' THEN 'due' WHEN 'retry' THEN 'due' WHEN 'uncertain' THEN 'held' END) STORED,
    ADD COLUMN died_at timestamptz GENERATED ALWAYS AS (CASE state WHEN 'dead' THEN coalesce(settled_at, created_at) END) STORED;

DROP INDEX reminders.outbox_due, reminders.outbox_held, reminders.outbox_dead, reminders.outbox_leases;
CREATE INDEX outbox_due ON reminders.outbox (channel, kind, due_at, id) WHERE queue = 'due';
CREATE INDEX outbox_held ON reminders.outbox (useful_until, id) WHERE queue = 'held';
CREATE INDEX outbox_dead ON reminders.outbox (died_at, id) WHERE died_at IS NOT NULL;

-- When leases end, so that what a lost node held is found: one row for all that one statement leased. It only says where to look;
-- the message itself says whether its lease is over.
CREATE TABLE reminders.lease_end (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL,
    messages bigint[] NOT NULL
);
CREATE INDEX lease_end_at ON reminders.lease_end (at, id);
INSERT INTO reminders.lease_end (at, messages)
SELECT max(lease_until), array_agg(id) FROM reminders.outbox WHERE state = 'sending' GROUP BY leased_by, lease_until;

-- What is being sent.
CREATE VIEW reminders.under_way AS
SELECT id, kind, channel, leased_by, lease_until, send_started_at
FROM reminders.outbox
WHERE id = ANY (ARRAY(SELECT unnest(messages) FROM reminders.lease_end)) AND state = 'sending';
