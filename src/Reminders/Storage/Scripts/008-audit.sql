-- Who did what, kept for ever; operator_action hangs on a message and is purged with it.
CREATE TABLE reminders.audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The key's or the person's name with where it came in: api:booking-app, cli:olga, engine.
    actor   text NOT NULL,
    action  text NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
    about   text NOT NULL CHECK (length(about) BETWEEN 1 AND 400),
    before  jsonb,
    after   jsonb,
    reason  text CHECK (length(reason) BETWEEN 1 AND 1000),
    -- A deed that was asked for and not allowed.
    refused boolean NOT NULL DEFAULT false
);
CREATE INDEX audit_about ON reminders.audit (about, id);
