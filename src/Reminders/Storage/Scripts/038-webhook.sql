-- works beside builds from: 33
-- What an app in another process is told of what became of its reminders, by one webhook. What it asked for, and whether its receiver
-- said that it is gone.
CREATE TABLE reminders.webhook (
    one           boolean PRIMARY KEY DEFAULT true CHECK (one),
    events        text[] NOT NULL,
    wanted_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    gone_at       timestamptz,
    gone_endpoint text
);

-- One line for each event until it is delivered. Where something does not apply it is 0, so that no two lines are the same event.
CREATE TABLE reminders.webhook_event (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id      uuid NOT NULL DEFAULT gen_random_uuid(),
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
    lease         bigint NOT NULL DEFAULT 0,
    trouble       text,
    died_at       timestamptz,
    CONSTRAINT webhook_event_identity UNIQUE (type, subject_id, occurrence_id, message_id, turn)
);
CREATE INDEX webhook_event_due ON reminders.webhook_event (due_at, id) WHERE died_at IS NULL;
CREATE INDEX webhook_event_of_subject ON reminders.webhook_event (subject_id, id) WHERE died_at IS NULL;

-- A message came to an end, or into doubt: whichever statement of whichever build moved it, the event is written in its transaction.
-- Once for a whole statement. Given up is told where nothing else of the same reminder is on its way, held, or delivered.
CREATE FUNCTION reminders.outbox_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM now_so WHERE state IN ('sent', 'uncertain', 'dead')) THEN
        RETURN NULL;
    END IF;
    INSERT INTO reminders.webhook_event (type, subject_id, occurrence_id, message_id, version, kind, recipient_id, channel, reason)
    SELECT t.type, o.subject_id, o.id, n.id, o.version, o.kind, n.recipient_id, n.channel, n.reason
    FROM now_so n
    JOIN was_so w ON w.id = n.id
    JOIN reminders.occurrence o ON o.id = n.occurrence_id
    CROSS JOIN LATERAL (SELECT CASE n.state WHEN 'sent' THEN 'message.sent' WHEN 'uncertain' THEN 'message.held'
                                            WHEN 'dead' THEN 'message.unreachable' END AS type) t
    WHERE n.operation = 'send' AND n.state <> w.state AND reminders.is_wanted(t.type)
      AND NOT (n.state = 'dead' AND EXISTS (
          SELECT FROM reminders.outbox x
          WHERE x.occurrence_id = n.occurrence_id AND x.operation = 'send' AND x.id <> n.id
            AND x.state IN ('pending', 'retry', 'sending', 'sent', 'uncertain')))
    ORDER BY n.id
    ON CONFLICT ON CONSTRAINT webhook_event_identity DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_told AFTER UPDATE ON reminders.outbox REFERENCING OLD TABLE AS was_so NEW TABLE AS now_so
    FOR EACH STATEMENT EXECUTE FUNCTION reminders.outbox_told();
-- It costs nothing until somebody asks.
ALTER TABLE reminders.outbox DISABLE TRIGGER outbox_told;

-- Somebody asks for events. The lock is waited for briefly: what writes to the outbox would stand behind it.
-- Its definer's, because a node's own role need not own the table.
CREATE FUNCTION reminders.want_events(wanted text[]) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
    INSERT INTO reminders.webhook AS w (events) VALUES (wanted)
    ON CONFLICT (one) DO UPDATE SET events = excluded.events, wanted_at = clock_timestamp();
    IF EXISTS (SELECT FROM pg_trigger
               WHERE tgrelid = 'reminders.outbox'::regclass AND tgname = 'outbox_told' AND tgenabled = 'D') THEN
        ALTER TABLE reminders.outbox ENABLE TRIGGER outbox_told;
        RETURN true;
    END IF;
    RETURN false;
END $$;

-- Nobody does any more. What was not delivered is forgotten.
CREATE FUNCTION reminders.want_no_events() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    forgotten bigint;
BEGIN
    DELETE FROM reminders.webhook;
    ALTER TABLE reminders.outbox DISABLE TRIGGER outbox_told;
    DELETE FROM reminders.webhook_event;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;
