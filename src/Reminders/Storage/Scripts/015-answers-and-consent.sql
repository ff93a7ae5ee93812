-- Whom nobody may write to, and the ways to answer besides a button.

-- One name for an address however it is spelt, that does not give the address away at a glance: an opt-out outlives the
-- person's data. Too few digits to be a secret from somebody who tries them all; docs/security.md says so.
CREATE FUNCTION reminders.address_key(on_channel text, address text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(on_channel || ':' || CASE on_channel
        WHEN 'telegram' THEN ltrim(btrim(address), '0')
        -- No country code begins with 0: 0049 is +49.
        WHEN 'whatsapp' THEN ltrim(regexp_replace(address, '\D', '', 'g'), '0')
        -- Providers that tell Anna from anna exist in books only, and a mail too few is the better mistake.
        WHEN 'email' THEN lower(btrim(address))
        ELSE btrim(address) END, 'UTF8'))
$$;

ALTER TABLE reminders.address
    ADD COLUMN key bytea NOT NULL GENERATED ALWAYS AS (reminders.address_key(channel, address)) STORED,
    -- What the provider calls the person besides, where it hides the address: WhatsApp's user id.
    ADD COLUMN alias text CHECK (length(alias) BETWEEN 1 AND 320);
-- Everybody who has the address of one who opted out.
CREATE INDEX address_key ON reminders.address (key);
CREATE INDEX address_alias ON reminders.address (channel, alias) WHERE alias IS NOT NULL;

-- Consent belongs to the address, whoever has it: firing, starting and falling over look here, so that the same chat under
-- another reference stays silent, and one that is bound only later. Lifted by the address's own word.
CREATE TABLE reminders.opt_out (
    key       bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    channel   text NOT NULL,
    since     timestamptz NOT NULL DEFAULT clock_timestamp()
);

INSERT INTO reminders.opt_out (key, channel, since)
SELECT key, channel, min(changed_at) FROM reminders.address WHERE state = 'opted_out' GROUP BY key, channel;

UPDATE reminders.address a SET state = 'opted_out', reason = 'the person asked for it', changed_at = clock_timestamp()
FROM reminders.opt_out o WHERE o.key = a.key AND a.state <> 'opted_out';

-- Written because its recipient asked for it: once more the question they have not answered. No resend of an operator's, and
-- no quiet hours: they are awake.
ALTER TABLE reminders.outbox
    ADD COLUMN on_request boolean NOT NULL DEFAULT false,
    -- Whoever has it has said so while its own outcome was not known. On the row, so that the settlement that waits for it sees it.
    ADD COLUMN proven boolean NOT NULL DEFAULT false;

-- When what somebody writes was last answered: the next answer is this row's to allow, whichever node asks.
CREATE TABLE reminders.reply (
    key   bytea NOT NULL CHECK (octet_length(key) = 32),
    what  text NOT NULL CHECK (what IN ('questions', 'nothing')),
    at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (key, what)
);
CREATE INDEX reply_age ON reminders.reply (at);

-- Signs the links in reminders. The newest key signs; every one that is not retired is believed, so that a new row changes the
-- key without breaking what is out, and retiring one ends its links at once.
CREATE TABLE reminders.link_key (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- 244 random bits: gen_random_uuid() is the one strong source without an extension.
    secret      bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) CHECK (octet_length(secret) = 32),
    created_at  timestamptz NOT NULL DEFAULT now(),
    retired_at  timestamptz
);
INSERT INTO reminders.link_key DEFAULT VALUES;
