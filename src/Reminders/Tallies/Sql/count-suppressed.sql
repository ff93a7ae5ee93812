-- Counts what was suppressed, by when it first was, for each whole hour since the last time and a quarter of an hour before: whole, so
-- that counting an hour again says the same, and what was committed late is in it.
--
-- Plan: suppression_first, and each one's occurrence by primary key.
WITH since AS MATERIALIZED (
    SELECT date_bin('1 hour', coalesce(suppressions_until - interval '15 minutes', now() - interval '90 days'), timestamptz 'epoch') AS at
    FROM reminders.tally_mark),
suppressed AS MATERIALIZED (
    SELECT x.first_at, o.kind
    FROM since CROSS JOIN LATERAL (
        SELECT first_at, occurrence_id FROM reminders.suppression WHERE first_at >= since.at OFFSET 0) x
    CROSS JOIN LATERAL (SELECT * FROM reminders.occurrence o WHERE o.id = x.occurrence_id OFFSET 0) o),
counted AS (
    INSERT INTO reminders.tally AS t (size, at, kind, channel, outcome, bucket, count)
    SELECT s.size, date_bin(s.length, c.first_at, timestamptz 'epoch') AS since, c.kind, '', 'suppressed', 0, count(*)
    FROM (VALUES ('minute', interval '1 minute', interval '2 days'), ('hour', '1 hour', '90 days')) AS s (size, length, kept)
    CROSS JOIN suppressed c
    WHERE c.first_at > now() - s.kept + s.length
    GROUP BY s.size, since, c.kind
    ON CONFLICT ON CONSTRAINT tally_pkey DO UPDATE SET count = excluded.count)
UPDATE reminders.tally_mark SET suppressions_until = now()
