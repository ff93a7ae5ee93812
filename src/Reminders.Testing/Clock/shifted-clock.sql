-- A clock that a test can advance. The engine says now() and clock_timestamp() without a schema, and this one stands before
-- pg_catalog on the search path of its sessions: each of its statements, and each DEFAULT of its tables, asks here.
-- One row holds the shift, so that all sessions have the same time at once.
CREATE SCHEMA shifted_clock;

CREATE TABLE shifted_clock.shift (
    the_only      boolean PRIMARY KEY DEFAULT true CHECK (the_only),
    -- Not an interval: that may count in days, which are 23 hours long when the clocks change.
    microseconds  bigint NOT NULL
);
INSERT INTO shifted_clock.shift (microseconds) VALUES (0);

CREATE FUNCTION shifted_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN pg_catalog.clock_timestamp() + (SELECT microseconds FROM shifted_clock.shift) * interval '1 microsecond';

CREATE FUNCTION shifted_clock.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN pg_catalog.now() + (SELECT microseconds FROM shifted_clock.shift) * interval '1 microsecond';
