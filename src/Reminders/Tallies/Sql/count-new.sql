-- Counts the messages written since the mark, $1 of them at most, and moves it on. What has not ended is noted, and so is a number
-- that has no row yet: its transaction may still commit. How many were gone over is told.
--
-- Whoever runs it holds the mark's row, and has read it in a statement before: this one's snapshot has all that was counted.
--
-- Plan: the range by primary key, and each one's occurrence by its own: OFFSET 0 keeps them from being read through.
WITH step AS MATERIALIZED (
    SELECT r.after, greatest(r.after, least(r.after + $1::bigint, coalesce((SELECT max(id) FROM reminders.outbox), 0))) AS upto
    -- Numbers far before the next row were never written, or are purged.
    FROM (SELECT greatest(w.upto, (SELECT min(m.id) FROM reminders.outbox m WHERE m.id > w.upto) - 100000) AS after
          FROM reminders.tally_mark w) r),
written AS MATERIALIZED (
    SELECT m.*, NULL::timestamptz AS doubted_at
    FROM step CROSS JOIN LATERAL (
        SELECT m.id, m.occurrence_id, m.kind, m.channel, m.operation, m.number, m.state, m.on_request, m.created_at, m.send_started_at,
               coalesce(m.settled_at, m.created_at) AS settled_at
        FROM reminders.outbox m WHERE m.id > step.after AND m.id <= step.upto OFFSET 0) m),
counted AS (
    /* include Tallies/Sql/add.sql */
    CROSS JOIN (
        SELECT e.settled_at AS at, e.kind, e.channel, e.state AS outcome, 1 AS count,
               /* include Tallies/Sql/latency-bucket.sql */ AS bucket
        FROM written e CROSS JOIN LATERAL (SELECT * FROM reminders.occurrence o WHERE o.id = e.occurrence_id OFFSET 0) o
        WHERE e.operation = 'send' AND e.state IN ('sent', 'dead', 'cancelled', 'uncertain') AND o.reason IS DISTINCT FROM 'imported') c
    WHERE c.at > now() - s.kept
    GROUP BY s.size, since, c.kind, c.channel, c.outcome, c.bucket
    ON CONFLICT ON CONSTRAINT tally_pkey DO UPDATE SET count = t.count + excluded.count),
noted AS (
    INSERT INTO reminders.tally_open (message_id, doubted_at, unseen)
    SELECT id, CASE WHEN state = 'uncertain' THEN settled_at END, NULL FROM written
    WHERE operation = 'send' AND state IN ('pending', 'retry', 'sending', 'uncertain')
    UNION ALL
    SELECT n, NULL, pg_snapshot_xmax(pg_current_snapshot())
    FROM step CROSS JOIN generate_series(step.after + 1, step.upto) n WHERE NOT EXISTS (SELECT FROM written w WHERE w.id = n)
    ON CONFLICT DO NOTHING),
moved AS (
    UPDATE reminders.tally_mark SET upto = step.upto FROM step WHERE tally_mark.upto < step.upto)
SELECT coalesce(upto - after, 0) FROM step
