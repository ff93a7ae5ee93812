-- The permanent ledger: what is to be told, once.

CREATE TABLE reminders.occurrence (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind          text NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    subject_id    bigint NOT NULL REFERENCES reminders.subject,
    version       integer NOT NULL,
    recipient_id  bigint NOT NULL REFERENCES reminders.recipient,
    state         text NOT NULL CHECK (state IN ('planned', 'waiting', 'fired', 'skipped', 'cancelled')),
    -- Why it is not planned any more, or why it waits.
    reason        text,
    -- The occurrence that made this one needless.
    decided_by    bigint REFERENCES reminders.occurrence,
    -- Whether it is for the subject's version and no other. Not so what is asked for by name: its versions are its kind's
    -- own, and a newer one takes its place by saying so here.
    fenced        boolean NOT NULL DEFAULT true,
    superseded_by integer,
    -- In a digest, the occurrence whose message tells this one too; that one names itself.
    digest_of     bigint REFERENCES reminders.occurrence,
    -- The subject's statuses in which this is still wanted, frozen from the kind when it was planned.
    wanted_in     text[] NOT NULL,
    -- The subject's fingerprint (subject.told) that this occurrence announces.
    told          text NOT NULL,
    -- Whether its messages carry buttons, and so follow the subject by edits.
    has_buttons   boolean NOT NULL DEFAULT false,
    due_at        timestamptz NOT NULL,
    useful_until  timestamptz NOT NULL,
    data          jsonb,
    planned_at    timestamptz NOT NULL DEFAULT now(),
    planned_by    text NOT NULL,
    fired_at      timestamptz,
    fired_by      text,
    -- Rule 2: identity has no delivery state and no time window in it. Led by the subject, so that the fence, which
    -- asks for everything about one subject, needs no index of its own.
    CONSTRAINT occurrence_identity UNIQUE (subject_id, kind, version, recipient_id),
    CONSTRAINT occurrence_fired CHECK (state <> 'fired' OR fired_at IS NOT NULL)
);
-- Exactly (due, id) of the rows that wait for their time: a million of them cost an empty poll nothing.
CREATE INDEX occurrence_due ON reminders.occurrence (due_at, id) WHERE state = 'planned';
CREATE INDEX occurrence_digest ON reminders.occurrence (digest_of) WHERE digest_of IS NOT NULL;
CREATE INDEX occurrence_waiting ON reminders.occurrence (recipient_id, useful_until) WHERE state = 'waiting';

-- Who comes first to a (kind, due second), and so asks Quartz for its one trigger (rule 15).
CREATE TABLE reminders.instant (
    kind        text NOT NULL,
    due_second  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, due_second)
);
CREATE INDEX instant_due ON reminders.instant (due_second);

-- Every second asking that was not obeyed, by the row and the rule that decided it (rule 14).
CREATE TABLE reminders.suppression (
    occurrence_id  bigint NOT NULL REFERENCES reminders.occurrence ON DELETE CASCADE,
    rule           text NOT NULL,
    count          integer NOT NULL DEFAULT 1,
    first_at       timestamptz NOT NULL DEFAULT now(),
    last_at        timestamptz NOT NULL DEFAULT now(),
    last_by        text NOT NULL,
    PRIMARY KEY (occurrence_id, rule)
);

-- Rule 4, policy "window": the same again only after a while, anything else at once. Re-arming is one atomic statement,
-- and the number it takes is the occurrence's version.
CREATE SEQUENCE reminders.window_version AS integer;

CREATE TABLE reminders.window_key (
    kind          text NOT NULL,
    subject_id    bigint NOT NULL REFERENCES reminders.subject,
    recipient_id  bigint NOT NULL REFERENCES reminders.recipient,
    -- The data that makes it another notification, as the kind's WindowBy names it.
    fingerprint   text NOT NULL,
    armed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    version       integer NOT NULL DEFAULT nextval('reminders.window_version'),
    PRIMARY KEY (kind, subject_id, recipient_id, fingerprint)
);
