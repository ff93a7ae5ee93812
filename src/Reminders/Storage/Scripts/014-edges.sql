-- One-minute tickets for the live connection, hashed and taken once, by whichever node. They end with the token they stand for.
CREATE TABLE reminders.socket_ticket (
    hash        bytea PRIMARY KEY,
    token_hash  bytea NOT NULL REFERENCES reminders.access_token ON DELETE CASCADE,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX socket_ticket_token ON reminders.socket_ticket (token_hash);
