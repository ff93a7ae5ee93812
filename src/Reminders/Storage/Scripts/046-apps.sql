-- works beside builds from: 33
-- What the app's own handlers hear of, beside the webhook of an app in another process: the same events, by another way. Which types
-- somebody asks for; whoever does says so again and again.
CREATE TABLE reminders.app_listening (
    type      text PRIMARY KEY CHECK (type IN ('message.sent', 'message.held', 'message.answered', 'message.unreachable')),
    wanted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One line for each event until a handler has committed. As a webhook's line, but for the lease: it is told under its row's lock.
CREATE TABLE reminders.app_event (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id      uuid NOT NULL,
    type          text NOT NULL CHECK (type IN ('message.sent', 'message.held', 'message.answered', 'message.unreachable')),
    subject_id    bigint NOT NULL REFERENCES reminders.subject (id),
    occurrence_id bigint NOT NULL DEFAULT 0,
    message_id    bigint NOT NULL DEFAULT 0,
    turn          integer NOT NULL DEFAULT 0,
    occurred_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    version       bigint NOT NULL,
    kind          text,
    recipient_id  bigint,
    channel       text,
    answer        text,
    status        text,
    way           text,
    reason        text,
    attempts      integer NOT NULL DEFAULT 0,
    due_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    trouble       text,
    died_at       timestamptz,
    CONSTRAINT app_event_identity UNIQUE (type, subject_id, occurrence_id, message_id, turn)
);
CREATE INDEX app_event_due ON reminders.app_event (due_at, id) WHERE died_at IS NULL;
CREATE INDEX app_event_of_subject ON reminders.app_event (subject_id, id) WHERE died_at IS NULL;

-- As it was, and now for both: one event has one id, whichever way it is told.
CREATE OR REPLACE FUNCTION reminders.outbox_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM now_so WHERE state IN ('sent', 'uncertain', 'dead')) THEN
        RETURN NULL;
    END IF;
    WITH told AS MATERIALIZED (
        SELECT gen_random_uuid() AS event_id, t.type, o.subject_id, o.id AS occurrence_id, n.id AS message_id, o.version, o.kind,
               n.recipient_id, n.channel, n.reason
        FROM now_so n
        JOIN was_so w ON w.id = n.id
        JOIN reminders.occurrence o ON o.id = n.occurrence_id
        CROSS JOIN LATERAL (SELECT CASE n.state WHEN 'sent' THEN 'message.sent' WHEN 'uncertain' THEN 'message.held'
                                                WHEN 'dead' THEN 'message.unreachable' END AS type) t
        WHERE n.operation = 'send' AND n.state <> w.state AND (reminders.is_wanted(t.type) OR reminders.is_heard(t.type))
          AND NOT (n.state = 'dead' AND EXISTS (
              SELECT FROM reminders.outbox x
              WHERE x.occurrence_id = n.occurrence_id AND x.operation = 'send' AND x.id <> n.id
                AND x.state IN ('pending', 'retry', 'sending', 'sent', 'uncertain')))
        ORDER BY n.id),
    by_webhook AS (
        INSERT INTO reminders.webhook_event
            (event_id, type, subject_id, occurrence_id, message_id, version, kind, recipient_id, channel, reason)
        SELECT event_id, type, subject_id, occurrence_id, message_id, version, kind, recipient_id, channel, reason
        FROM told WHERE reminders.is_wanted(type) ORDER BY message_id
        ON CONFLICT ON CONSTRAINT webhook_event_identity DO NOTHING)
    INSERT INTO reminders.app_event
        (event_id, type, subject_id, occurrence_id, message_id, version, kind, recipient_id, channel, reason)
    SELECT event_id, type, subject_id, occurrence_id, message_id, version, kind, recipient_id, channel, reason
    FROM told WHERE reminders.is_heard(type) ORDER BY message_id
    ON CONFLICT ON CONSTRAINT app_event_identity DO NOTHING;
    RETURN NULL;
END $$;

-- The app's handlers ask for events. As reminders.want_events is for a webhook.
CREATE FUNCTION reminders.hear_events(wanted text[]) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
    INSERT INTO reminders.app_listening AS l (type) SELECT DISTINCT unnest(wanted) ORDER BY 1
    ON CONFLICT (type) DO UPDATE SET wanted_at = excluded.wanted_at;
    IF EXISTS (SELECT FROM pg_trigger
               WHERE tgrelid = 'reminders.outbox'::regclass AND tgname = 'outbox_told' AND tgenabled = 'D') THEN
        ALTER TABLE reminders.outbox ENABLE TRIGGER outbox_told;
        RETURN true;
    END IF;
    RETURN false;
END $$;

-- As it was for the webhook. While a handler of the app's asks for events, the trigger stays; what was for handlers that nobody has any
-- more is forgotten too.
CREATE OR REPLACE FUNCTION reminders.want_no_events() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    told bigint;
    heard bigint;
BEGIN
    DELETE FROM reminders.webhook;
    IF NOT EXISTS (SELECT FROM reminders.app_listening) THEN
        ALTER TABLE reminders.outbox DISABLE TRIGGER outbox_told;
    END IF;
    DELETE FROM reminders.webhook_event;
    GET DIAGNOSTICS told = ROW_COUNT;
    DELETE FROM reminders.app_event e WHERE NOT EXISTS (SELECT FROM reminders.app_listening l WHERE l.type = e.type);
    GET DIAGNOSTICS heard = ROW_COUNT;
    RETURN told + heard;
END $$;

-- What somebody has set of a kind's texts in one language, version by version: all that differs from what the kind declares, so that an
-- earlier version can stand again. The newest counts. One more than another at the same time has the same number, and is refused.
CREATE TABLE reminders.text_version (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind    text NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    locale  text NOT NULL CHECK (length(locale) BETWEEN 2 AND 35),
    version integer NOT NULL CHECK (version > 0),
    texts   jsonb NOT NULL CHECK (jsonb_typeof(texts) = 'object'),
    set_by  text NOT NULL,
    set_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason  text NOT NULL,
    CONSTRAINT text_version_identity UNIQUE (kind, locale, version)
);
