-- works beside builds from: 33
-- Who may look into the console, where an installation has no sign-in of its own.
CREATE TABLE reminders.account (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login        text NOT NULL CHECK (length(login) BETWEEN 1 AND 100),
    password     text NOT NULL,
    role         text NOT NULL CHECK (role IN ('recruiter', 'operator', 'administrator')),
    -- Whom the bookings of a recruiter name.
    recipient_id bigint REFERENCES reminders.recipient (id),
    language     text CHECK (language IN ('en', 'ru')),
    zone         text CHECK (length(zone) BETWEEN 1 AND 64),
    -- Another one ends every session that was begun with it.
    stamp        uuid NOT NULL DEFAULT gen_random_uuid(),
    -- The first administrator, of which there is one: two browsers may have the code.
    is_first     boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by   text NOT NULL,
    disabled_at  timestamptz,
    seen_at      timestamptz,
    CONSTRAINT account_recruiter CHECK (role <> 'recruiter' OR recipient_id IS NOT NULL)
);
CREATE UNIQUE INDEX account_login ON reminders.account (lower(login));
CREATE UNIQUE INDEX account_first ON reminders.account (is_first) WHERE is_first;

-- A code that makes an account, or gives one another password. Once, and for an hour or as long as was said.
CREATE TABLE reminders.invitation (
    hash         bytea PRIMARY KEY,
    role         text CHECK (role IN ('recruiter', 'operator', 'administrator')),
    recipient_id bigint REFERENCES reminders.recipient (id),
    account_id   bigint REFERENCES reminders.account (id),
    is_first     boolean NOT NULL DEFAULT false,
    created_by   text NOT NULL,
    expires_at   timestamptz NOT NULL,
    CONSTRAINT invitation_for CHECK ((role IS NULL) <> (account_id IS NULL))
);

-- Wrong passwords by what was typed as the login, hashed: there or not, it is locked alike.
CREATE TABLE reminders.sign_in_failure (
    login_hash   bytea PRIMARY KEY,
    failures     integer NOT NULL DEFAULT 1,
    failed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    locked_until timestamptz
);

-- What cookies and forms are protected with, on whichever node they were made.
CREATE TABLE reminders.protection_key (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL,
    xml        text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Somebody is found by the beginning of their name.
CREATE INDEX recipient_name ON reminders.recipient (lower(name) text_pattern_ops) WHERE erased_at IS NULL;
