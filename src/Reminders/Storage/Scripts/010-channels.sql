-- Whose trouble it is: a recipient's, a channel's, or nobody's any more (rules 9 and 10).

ALTER TABLE reminders.channel
    -- Who met the 429 of throttled_at: asked again, they say nothing new of the channel.
    ADD COLUMN throttled_address text,
    -- Attempts in a row that nobody answered or could be read, with nothing delivered between; to whom they went (a few), and
    -- when the first of them began.
    ADD COLUMN doubts integer NOT NULL DEFAULT 0,
    ADD COLUMN doubted text[] NOT NULL DEFAULT '{}',
    ADD COLUMN doubts_since timestamptz,
    -- Set while the channel rests because of them: its queue is kept. When it was last heard to answer a call that sends
    -- nothing; from then on one message goes, alone. How often it was tried in vain, which spaces the tries.
    ADD COLUMN rests_since timestamptz,
    ADD COLUMN answered_at timestamptz,
    ADD COLUMN probes integer NOT NULL DEFAULT 0,
    -- The cluster's one probe of a channel in trouble: the message that goes alone (none for a call that sends nothing), and
    -- until when it is waited for.
    ADD COLUMN probe_id bigint,
    ADD COLUMN probe_until timestamptz,
    -- Stopped by hand, until a person lets it go on.
    ADD COLUMN stopped_since timestamptz,
    ADD COLUMN stopped_by text,
    ADD COLUMN stop_reason text;

ALTER TABLE reminders.throttle
    -- Set while the recipient waits because of a 429; empty where next_at only spaces what they get.
    ADD COLUMN reason text;
CREATE INDEX throttle_paused ON reminders.throttle (channel, next_at) WHERE reason IS NOT NULL;

-- What a rest of a channel left behind, as one thing to see to: the messages that began within it and are in doubt.
CREATE TABLE reminders.incident (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel   text NOT NULL,
    began_at  timestamptz NOT NULL,
    ended_at  timestamptz,
    reason    text NOT NULL
);
CREATE UNIQUE INDEX incident_open ON reminders.incident (channel) WHERE ended_at IS NULL;
CREATE INDEX incident_began ON reminders.incident (began_at);

-- Until now a wait was as long as a provider said.
UPDATE reminders.channel SET paused_until = now() + interval '1 hour' WHERE paused_until > now() + interval '1 hour';
UPDATE reminders.throttle SET next_at = now() + interval '1 hour' WHERE next_at > now() + interval '1 hour';
UPDATE reminders.outbox SET due_at = now() + interval '1 hour'
WHERE state IN ('pending', 'retry') AND throttled > 0 AND due_at > now() + interval '1 hour';
