-- What senders deliver. The state table stands in src/Reminders/Outbox/MessageState.cs.

CREATE TABLE reminders.outbox (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurrence_id        bigint NOT NULL REFERENCES reminders.occurrence,
    kind                 text NOT NULL,
    -- The occurrence's, which has the foreign key: a second one would be checked again for each of a burst.
    recipient_id         bigint NOT NULL,
    channel              text NOT NULL,
    operation            text NOT NULL CHECK (operation IN ('send', 'edit')),
    -- The resend number, 0 for the first; an edit has that of the message it changes.
    number               integer NOT NULL DEFAULT 0,
    -- For an edit, the subject's revision it shows; 0 for a send.
    revision             integer NOT NULL DEFAULT 0,
    -- For an edit, the message it changes.
    target_id            bigint REFERENCES reminders.outbox,
    state                text NOT NULL CHECK (state IN
                             ('pending', 'sending', 'retry', 'sent', 'uncertain', 'dead', 'cancelled')),
    reason               text,
    -- For the first message of a digest, the end of the time in which it gathers.
    digest_at            timestamptz,
    -- pending and retry: not before.
    due_at               timestamptz NOT NULL,
    useful_until         timestamptz NOT NULL,
    attempts             integer NOT NULL DEFAULT 0,
    -- How often the provider asked it to wait (429), which costs no attempt.
    throttled            integer NOT NULL DEFAULT 0,
    lease_token          bigint NOT NULL DEFAULT 0,
    lease_until          timestamptz,
    leased_by            text,
    -- Committed before the first byte: with it set, a lost lease is a doubt, without it a plain second chance.
    send_started_at      timestamptz,
    -- The subject changed while this was in flight: if it turns out sent, it has to be edited.
    stale                boolean NOT NULL DEFAULT false,
    -- Opaque name of the message in its buttons; 122 random bits, so a forger cannot guess it.
    press_token          uuid NOT NULL DEFAULT gen_random_uuid(),
    provider_message_id  text,
    created_at           timestamptz NOT NULL DEFAULT now(),
    settled_at           timestamptz,
    CONSTRAINT outbox_identity UNIQUE (occurrence_id, channel, number, revision),
    CONSTRAINT outbox_leased_iff_sending CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CONSTRAINT outbox_edit_has_target 
        CHECK ((operation = 'edit') = (target_id IS NOT NULL) AND (operation = 'edit') = (revision > 0))
) WITH (fillfactor = 80);
-- One digest per recipient and time, on whichever nodes its parts come due.
CREATE UNIQUE INDEX outbox_digest ON reminders.outbox (kind, recipient_id, digest_at) WHERE digest_at IS NOT NULL;
CREATE UNIQUE INDEX outbox_press_token ON reminders.outbox (press_token);
-- Exactly (due, id) of what may be claimed, per channel and kind, so that a bulk of one kind cannot stand before
-- another and an empty poll reads no backlog.
CREATE INDEX outbox_due ON reminders.outbox (channel, kind, due_at, id) WHERE state IN ('pending', 'retry');
CREATE INDEX outbox_leases ON reminders.outbox (lease_until, id) WHERE state = 'sending';
CREATE INDEX outbox_held ON reminders.outbox (useful_until, id) WHERE state = 'uncertain';
-- The edits of a message: one at a time, and none left behind when it is purged.
CREATE INDEX outbox_edits ON reminders.outbox (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX outbox_dead ON reminders.outbox (settled_at, id) WHERE state = 'dead';

CREATE TABLE reminders.attempt (
    message_id   bigint NOT NULL REFERENCES reminders.outbox ON DELETE CASCADE,
    lease_token  bigint NOT NULL,
    node         text NOT NULL,
    started_at   timestamptz NOT NULL,
    settled_at   timestamptz NOT NULL DEFAULT now(),
    outcome      text NOT NULL,
    detail       text,
    PRIMARY KEY (message_id, lease_token)
);

-- Limits are the cluster's (rule 9): one row per channel, and per recipient who was just written to.
CREATE TABLE reminders.channel (
    name          text PRIMARY KEY,
    -- No message of the channel starts before this instant: a 429's retry_after, or a broken channel's next probe.
    paused_until  timestamptz,
    pause_reason  text,
    -- Set while the channel is broken (401): its queue is kept and one message at a time probes it.
    broken_since  timestamptz,
    -- The last 429 that stopped the channel, and whether a message that began after it was sent: then the channel is free,
    -- and who is asked to wait again has a limit of their own.
    throttled_at  timestamptz,
    sent_since    boolean NOT NULL DEFAULT false,
    -- The first instant that no message has been given yet: the limit hands out instants, evenly spaced.
    next_slot     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE reminders.throttle (
    channel     text NOT NULL,
    address     text NOT NULL,
    next_at     timestamptz NOT NULL,
    PRIMARY KEY (channel, address)
) WITH (fillfactor = 70);

-- What operators did by hand, and why.
CREATE TABLE reminders.operator_action (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id   bigint NOT NULL REFERENCES reminders.outbox ON DELETE CASCADE,
    action       text NOT NULL,
    reason       text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    acted_by     text NOT NULL,
    acted_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX operator_action_message ON reminders.operator_action (message_id);

-- Whether an occurrence was told to its recipient, or may have been.
CREATE FUNCTION reminders.is_announced(of_occurrence bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM reminders.outbox m
        WHERE m.occurrence_id = of_occurrence AND m.operation = 'send'
          AND (m.state IN ('sent', 'uncertain') OR m.state = 'sending' AND m.send_started_at IS NOT NULL))
$$;

-- Whether what an occurrence says is still so: it is for the subject's present version, or the subject came back to
-- what it says and nothing else was told in between (rule 3: moved A, B, A).
CREATE FUNCTION reminders.still_says_so(of_occurrence bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT o.fenced OR o.version = s.version OR o.told = s.told AND NOT EXISTS (
        SELECT FROM reminders.occurrence later
        WHERE later.subject_id = o.subject_id AND later.kind = o.kind AND later.recipient_id = o.recipient_id
          AND later.version > o.version AND later.told <> o.told AND reminders.is_announced(later.id))
    FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
    WHERE o.id = of_occurrence
$$;

-- Why an occurrence is not wanted any more, by its subject as it is now; null while it is.
CREATE FUNCTION reminders.unwanted(o reminders.occurrence, s reminders.subject) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN o.fenced AND o.version <> s.version THEN 'superseded by version ' || s.version
                WHEN o.superseded_by IS NOT NULL THEN 'superseded by version ' || o.superseded_by
                WHEN cardinality(o.wanted_in) > 0 AND s.status <> ALL (o.wanted_in) THEN 'subject is ' || s.status END
$$;

-- The two queries of the first incident report (scenario 1): each must stay empty for ever.
CREATE VIEW reminders.duplicate_in_ledger AS
SELECT subject_id, kind, version, recipient_id, count(*) AS occurrences
FROM reminders.occurrence
GROUP BY subject_id, kind, version, recipient_id
HAVING count(*) > 1;

CREATE VIEW reminders.duplicate_in_outbox AS
SELECT o.subject_id, o.kind, o.version, m.recipient_id, m.channel, m.number, count(*) AS messages
FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
WHERE m.operation = 'send' AND m.state = 'sent'
GROUP BY o.subject_id, o.kind, o.version, m.recipient_id, m.channel, m.number
HAVING count(*) > 1;

-- What happened to reminders that somebody else has to hear of (reminder_held, reminder_skipped): written by the very
-- statement that decided it, planned from here, and then gone.
CREATE TABLE reminders.event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_id  bigint NOT NULL REFERENCES reminders.subject,
    name        text NOT NULL,
    cause       text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
