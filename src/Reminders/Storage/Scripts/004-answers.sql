-- What came in: each update once under its provider's id (rule 13), and what it did.

CREATE TABLE reminders.inbound_update (
    source       text NOT NULL,
    provider_id  text NOT NULL CHECK (length(provider_id) BETWEEN 1 AND 200),
    -- Our own order of arrival: presses of one person are handled in it.
    seq          bigint GENERATED ALWAYS AS IDENTITY,
    sender       text NOT NULL,
    payload      jsonb NOT NULL,
    state        text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'handled', 'failed')),
    attempts     integer NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL DEFAULT now(),
    effect       text,
    repeats      integer NOT NULL DEFAULT 0,
    received_at  timestamptz NOT NULL DEFAULT now(),
    handled_at   timestamptz,
    handled_by   text,
    PRIMARY KEY (source, provider_id)
);
CREATE INDEX inbound_update_due ON reminders.inbound_update (seq) WHERE state = 'received';
CREATE INDEX inbound_update_sender ON reminders.inbound_update (sender, seq) WHERE state = 'received';

CREATE TABLE reminders.press (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id   bigint NOT NULL REFERENCES reminders.outbox ON DELETE CASCADE,
    action       text NOT NULL,
    effect       text NOT NULL,
    sender       text NOT NULL,
    provider_id  text NOT NULL,
    pressed_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX press_message ON reminders.press (message_id);

-- Where a message that was delivered can be changed, and so follows its subject by edits. Everywhere else it stays as it
-- was: a moved slot has its new message, and an edit that nobody can make would only cost a turn of the recipient's limit.
CREATE FUNCTION reminders.can_edit(on_channel text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT on_channel = 'telegram'
$$;
