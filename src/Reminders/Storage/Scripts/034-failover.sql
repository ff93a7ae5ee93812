-- works beside builds from: 32

-- On which server this schema was last known to be. A promoted standby has the row as it was before, on another timeline: that is how
-- a fail-over shows to whoever connects first. While it is recovered from, nothing starts.
CREATE TABLE reminders.cluster (
    id         boolean PRIMARY KEY DEFAULT true CHECK (id),
    -- Empty where the server does not say.
    system     bigint,
    timeline   integer,
    -- Grows with each step back. A node starts messages only by the epoch to which it has said what it remembers.
    epoch      integer NOT NULL DEFAULT 1,
    recovering boolean NOT NULL DEFAULT false
);

-- What became of each: who ran then, who has said what it remembers, and what that was.
CREATE TABLE reminders.failover (
    epoch            integer PRIMARY KEY,
    cause            text NOT NULL,
    found_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    found_by         text NOT NULL,
    -- The last commit that has been replayed here; what came after it may be lost. Empty where the server does not know.
    known_until      timestamptz,
    nodes            text[] NOT NULL,
    reported         text[] NOT NULL DEFAULT '{}',
    -- Nodes that have forgotten some of it.
    partial          text[] NOT NULL DEFAULT '{}',
    put_back         integer NOT NULL DEFAULT 0,
    -- Sent, and what they were for is lost itself: nothing is left to put them back to.
    unplaced         integer NOT NULL DEFAULT 0,
    wait_until       timestamptz NOT NULL,
    finished_at      timestamptz,
    held_occurrences bigint NOT NULL DEFAULT 0,
    held_messages    bigint NOT NULL DEFAULT 0
);
