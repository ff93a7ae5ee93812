-- What people read in the app. Items are written by the very statement that fires their occurrence, and stay for ever.

-- The number of each person's newest item. Its row is locked from the numbering to the commit, so that items become
-- visible in the order of their numbers, and "everything after number n" misses nothing.
CREATE TABLE reminders.inbox (
    recipient_id  bigint PRIMARY KEY REFERENCES reminders.recipient,
    last_seq      bigint NOT NULL
);

CREATE TABLE reminders.inbox_item (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- One item per occurrence: what may be told once is read once.
    occurrence_id  bigint NOT NULL CONSTRAINT inbox_item_occurrence UNIQUE REFERENCES reminders.occurrence,
    recipient_id   bigint NOT NULL REFERENCES reminders.recipient,
    -- Its number among this person's items, from 1 without gaps: the cursor of a live connection.
    seq            bigint NOT NULL,
    kind           text NOT NULL,
    subject_type   text NOT NULL,
    subject_key    text NOT NULL,
    -- What its text needs, as it was when it was written; the text is rendered when it is read, in the reader's language.
    data           jsonb NOT NULL DEFAULT '{}',
    created_at     timestamptz NOT NULL DEFAULT now(),
    read_at        timestamptz,
    CONSTRAINT inbox_item_seq UNIQUE (recipient_id, seq)
)
-- Counting from an index alone needs pages that vacuum has seen; the default waits for a fifth of the table.
WITH (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02);
-- Unread ones in the order they are listed in; with their kind, so that counting them by kind reads no row.
CREATE INDEX inbox_item_unread ON reminders.inbox_item (recipient_id, seq) INCLUDE (kind) WHERE read_at IS NULL;
CREATE INDEX inbox_item_kind ON reminders.inbox_item (recipient_id, kind, seq);
CREATE INDEX inbox_item_subject ON reminders.inbox_item (recipient_id, subject_type, subject_key, seq);

-- What people read their inbox with, hashed; the app that knows them obtains one for them.
CREATE TABLE reminders.access_token (
    hash          bytea PRIMARY KEY,
    recipient_id  bigint NOT NULL REFERENCES reminders.recipient,
    issued_by     text NOT NULL,
    issued_at     timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL
);
CREATE INDEX access_token_expiry ON reminders.access_token (expires_at);
