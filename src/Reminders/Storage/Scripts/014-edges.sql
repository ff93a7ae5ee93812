-- One-minute tickets for the live connection, hashed and taken once, by whichever node. They end with the token they stand for.
CREATE TABLE reminders.socket_ticket (
    hash        bytea PRIMARY KEY,
    token_hash  bytea NOT NULL REFERENCES reminders.access_token ON DELETE CASCADE,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX socket_ticket_token ON reminders.socket_ticket (token_hash);

-- What one request says to many is kept once, by its content: 8 kB to ten thousand people took 173 MB in their own rows. Rows of
-- before, and small data, stay where they are.
CREATE TABLE reminders.shared_data (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash     bytea NOT NULL CONSTRAINT shared_data_hash UNIQUE,
    data     jsonb NOT NULL,
    -- The last request that had it. Kept while any row points here.
    used_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX shared_data_used ON reminders.shared_data (used_at);

-- In place of data, or, in an item, over it.
ALTER TABLE reminders.occurrence ADD COLUMN data_id bigint REFERENCES reminders.shared_data;
CREATE INDEX occurrence_data ON reminders.occurrence (data_id) WHERE data_id IS NOT NULL;
ALTER TABLE reminders.inbox_item ADD COLUMN data_id bigint REFERENCES reminders.shared_data;
CREATE INDEX inbox_item_data ON reminders.inbox_item (data_id) WHERE data_id IS NOT NULL;
