-- Who is told, and what they are told about.

CREATE TABLE reminders.recipient (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The booking app's own name for the person; ours (a uuid) where it gave none.
    reference   text NOT NULL CONSTRAINT recipient_reference UNIQUE CHECK (length(reference) BETWEEN 1 AND 200),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    locale      text NOT NULL CHECK (length(locale) BETWEEN 2 AND 35),
    zone        text NOT NULL CHECK (length(zone) BETWEEN 1 AND 64),
    -- Local times between which nothing new is sent, unless it could not wait; both or neither.
    quiet_from  time,
    quiet_to    time,
    -- Goes into the deep link: whoever opens it first binds their chat to this person.
    start_code  text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', '') CONSTRAINT recipient_start_code UNIQUE,
    -- Goes into the unsubscribe link of their mail; it opens nothing else.
    unsubscribe_code  text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', '') CONSTRAINT recipient_unsubscribe_code UNIQUE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT recipient_quiet_hours CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);

CREATE TABLE reminders.address (
    recipient_id  bigint NOT NULL REFERENCES reminders.recipient,
    channel       text NOT NULL,
    address       text NOT NULL CHECK (length(address) BETWEEN 1 AND 320),
    state         text NOT NULL DEFAULT 'reachable' CHECK (state IN ('reachable', 'unreachable', 'opted_out')),
    reason        text,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (recipient_id, channel)
);
-- A person who comes back with /start is found by the chat they write from.
CREATE INDEX address_lookup ON reminders.address (channel, address);
-- What waited for an address is looked for among those that have just come.
CREATE INDEX address_changed ON reminders.address (changed_at);

-- What a person wants of a kind on a channel; '*' stands for any. The most particular line decides: kind and channel, then
-- kind, then channel, then neither. Where there is no line, everything is wanted.
CREATE TABLE reminders.preference (
    recipient_id  bigint NOT NULL REFERENCES reminders.recipient,
    kind          text NOT NULL DEFAULT '*' CHECK (length(kind) BETWEEN 1 AND 64),
    channel       text NOT NULL DEFAULT '*' CHECK (length(channel) BETWEEN 1 AND 32),
    wanted        boolean NOT NULL,
    PRIMARY KEY (recipient_id, kind, channel)
);

CREATE FUNCTION reminders.wants(of_recipient bigint, of_kind text, on_channel text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT wanted FROM reminders.preference
        WHERE recipient_id = of_recipient AND kind IN (of_kind, '*') AND channel IN (on_channel, '*')
        ORDER BY kind = '*', channel = '*' LIMIT 1), true)
$$;

-- Who is told together.
CREATE TABLE reminders.recipient_group (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL CONSTRAINT recipient_group_name UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE reminders.group_member (
    group_id      bigint NOT NULL REFERENCES reminders.recipient_group ON DELETE CASCADE,
    recipient_id  bigint NOT NULL REFERENCES reminders.recipient,
    PRIMARY KEY (group_id, recipient_id)
);
CREATE INDEX group_member_recipient ON reminders.group_member (recipient_id);

-- When a recipient's quiet hours end, if an instant falls into them; null otherwise. In the recipient's own zone, with
-- its daylight-saving gaps and overlaps as PostgreSQL resolves them. A zone this server does not know has no quiet hours.
CREATE FUNCTION reminders.quiet_until(zone text, quiet_from time, quiet_to time, instant timestamptz)
RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    here timestamp;
    ends timestamp;
BEGIN
    here := instant AT TIME ZONE zone;
    ends := here::date + quiet_to;
    IF quiet_from IS NULL OR quiet_from = quiet_to THEN
        RETURN NULL;
    ELSIF quiet_from < quiet_to THEN
        RETURN CASE WHEN here::time >= quiet_from AND here::time < quiet_to THEN ends AT TIME ZONE zone END;
    ELSIF here::time >= quiet_from THEN
        RETURN (ends + interval '1 day') AT TIME ZONE zone;
    ELSE
        RETURN CASE WHEN here::time < quiet_to THEN ends AT TIME ZONE zone END;
    END IF;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN NULL;
END $$;

-- What notifications are about: a booking, a customer, a cart, a ticket. This row is the fence: planning, firing,
-- dispatch and answers all judge by it as it is now.
CREATE TABLE reminders.subject (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type          text NOT NULL CHECK (length(type) BETWEEN 1 AND 64),
    key           text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    -- Grows when, and only when, what people must be told changes (rule 3).
    version       integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    status        text NOT NULL CHECK (length(status) BETWEEN 1 AND 32),
    -- The instant it is about, if any: kinds count their due time from it. For a booking, the start of the slot.
    happens_at    timestamptz,
    -- Grows with every change a person could see on a message already sent; it numbers the edits.
    revision      integer NOT NULL DEFAULT 1,
    -- Grows when an earlier announcement was taken back, so that the same instant has to be announced anew.
    announcement  integer NOT NULL DEFAULT 1,
    -- What people would be told, as a fingerprint: the same again need not be told twice.
    told          text GENERATED ALWAYS AS
                      (coalesce(extract(epoch FROM happens_at AT TIME ZONE 'UTC')::bigint, 0)::text || '/' || announcement::text) STORED,
    -- What templates may say, by name.
    data          jsonb NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT subject_identity UNIQUE (type, key)
);

-- Who has which part in a subject: a booking has one candidate and one recruiter.
CREATE TABLE reminders.party (
    subject_id    bigint NOT NULL REFERENCES reminders.subject,
    role          text NOT NULL CHECK (length(role) BETWEEN 1 AND 32),
    recipient_id  bigint NOT NULL REFERENCES reminders.recipient,
    PRIMARY KEY (subject_id, role, recipient_id)
);

-- Bookings as a person reads them.
CREATE VIEW reminders.booking AS
SELECT s.key AS id, s.status, s.version AS schedule_version, s.happens_at AS starts_at,
       s.data ->> 'title' AS title, c.name AS candidate, r.name AS recruiter, s.changed_at, s.id AS subject_id
FROM reminders.subject s
LEFT JOIN reminders.party pc ON pc.subject_id = s.id AND pc.role = 'candidate'
LEFT JOIN reminders.recipient c ON c.id = pc.recipient_id
LEFT JOIN reminders.party pr ON pr.subject_id = s.id AND pr.role = 'recruiter'
LEFT JOIN reminders.recipient r ON r.id = pr.recipient_id
WHERE s.type = 'booking';
