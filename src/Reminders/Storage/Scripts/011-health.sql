-- What a database knows of the scripts it was made with, and what nodes know of themselves and of the providers.
-- works beside builds from: 8

ALTER TABLE reminders.migration
    -- What the script did, without its comments: SchemaScript.Checksum. Null until the migrator has compared the schema.
    ADD COLUMN checksum     text,
    -- The oldest build, by its highest script, that works on after this script: SchemaScript.WorksBeside.
    ADD COLUMN works_beside integer;

ALTER TABLE reminders.node
    -- Which of its loops make no progress, each with its silence: only the node itself can know.
    ADD COLUMN hanging   text[] NOT NULL DEFAULT '{}',
    -- Whether it hears NOTIFY, proven by a round trip.
    ADD COLUMN hears     boolean NOT NULL DEFAULT true,
    -- Written by its readiness: whether the database takes a write is only known from one.
    ADD COLUMN probed_at timestamptz;

-- The last word of whoever delivers updates to us: how a webhook is doing, or a poll.
CREATE TABLE reminders.source (
    -- As in reminders.inbound_update.
    name         text PRIMARY KEY,
    -- When a node last asked the provider how it is, and what is wrong; null for nothing.
    checked_at   timestamptz,
    problem      text,
    problem_at   timestamptz,
    -- What waits at the provider, as it says.
    pending      integer NOT NULL DEFAULT 0,
    -- What came in over the webhook and was taken, or refused: a secret or signature that is not ours.
    accepted_at  timestamptz,
    refused_at   timestamptz,
    refusal      text,
    refused      bigint NOT NULL DEFAULT 0
);
