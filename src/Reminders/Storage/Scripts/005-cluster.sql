-- The nodes, and what only one of them does at a time.

CREATE TABLE reminders.node (
    name        text PRIMARY KEY,
    started_at  timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    -- The node's clock less the database's, at seen_at.
    skew        interval NOT NULL DEFAULT '0',
    version     text NOT NULL
);

CREATE TABLE reminders.lease (
    name         text PRIMARY KEY,
    holder       text NOT NULL,
    held_until   timestamptz NOT NULL,
    token        bigint NOT NULL DEFAULT 1
);

-- Who may call the API. Keys are long random strings, so a plain SHA-256 is enough to keep them unreadable at rest.
CREATE TABLE reminders.api_key (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL CONSTRAINT api_key_name UNIQUE,
    hash        bytea NOT NULL CONSTRAINT api_key_hash UNIQUE,
    role        text NOT NULL CHECK (role IN ('recruiter', 'operator')),
    created_at  timestamptz NOT NULL DEFAULT now(),
    revoked_at  timestamptz
);

-- Idempotency-Key: the first request's answer, kept in the same transaction as its effect.
CREATE TABLE reminders.idempotency (
    caller       text NOT NULL,
    key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint  bytea NOT NULL,
    response     jsonb,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_age ON reminders.idempotency (created_at);
