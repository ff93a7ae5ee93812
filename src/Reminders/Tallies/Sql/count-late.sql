-- Looks once more at what was noted, $2 of it at most from after $1, and counts what has ended meanwhile. A doubt is counted as one
-- while it is, and as what it came to afterwards, never as both. The last number that was looked at is told.
--
-- Plan: what was noted and its messages by primary keys; OFFSET 0 as there.
WITH noted AS MATERIALIZED (
    SELECT * FROM reminders.tally_open WHERE message_id > $1::bigint ORDER BY message_id LIMIT $2::integer),
found AS MATERIALIZED (
    SELECT n.message_id, n.doubted_at, n.unseen, n.noted_at, m.*
    FROM noted n LEFT JOIN LATERAL (
        SELECT m.id, m.occurrence_id, m.kind, m.channel, m.operation, m.number, m.state, m.on_request, m.created_at, m.send_started_at,
               coalesce(m.settled_at, m.created_at) AS settled_at
        FROM reminders.outbox m WHERE m.id = n.message_id OFFSET 0) m ON true),
changed AS MATERIALIZED (
    SELECT e.*, e.state IN ('sent', 'dead', 'cancelled') AS ended, /* include Tallies/Sql/latency-bucket.sql */ AS bucket
    FROM found e CROSS JOIN LATERAL (SELECT * FROM reminders.occurrence o WHERE o.id = e.occurrence_id OFFSET 0) o
    WHERE e.operation = 'send' AND o.reason IS DISTINCT FROM 'imported'
      AND (e.state IN ('sent', 'dead', 'cancelled') OR (e.state = 'uncertain') <> (e.doubted_at IS NOT NULL))),
counted AS (
    /* include Tallies/Sql/add.sql */
    CROSS JOIN (
        SELECT settled_at AS at, kind, channel, state AS outcome, bucket, 1 AS count FROM changed WHERE ended OR doubted_at IS NULL
        UNION ALL
        SELECT doubted_at, kind, channel, 'uncertain', 0, -1 FROM changed WHERE doubted_at IS NOT NULL) c
    WHERE c.at > now() - s.kept
    GROUP BY s.size, since, c.kind, c.channel, c.outcome, c.bucket
    ON CONFLICT ON CONSTRAINT tally_pkey DO UPDATE SET count = t.count + excluded.count),
doubted AS (
    UPDATE reminders.tally_open n SET doubted_at = CASE WHEN c.state = 'uncertain' THEN c.settled_at END
    FROM changed c WHERE n.message_id = c.message_id AND NOT c.ended),
seen AS (
    UPDATE reminders.tally_open n SET unseen = NULL FROM found f
    WHERE n.message_id = f.message_id AND f.unseen IS NOT NULL AND f.operation = 'send'
      AND f.state IN ('pending', 'retry', 'sending')),
closed AS (
    DELETE FROM reminders.tally_open n USING found f
    WHERE n.message_id = f.message_id
      AND (f.operation <> 'send' OR f.state IN ('sent', 'dead', 'cancelled')
           -- Nobody who could have written it is left. The minutes are for whoever had its number and no transaction yet; xids begin
           -- anew where a dump is restored.
           OR f.id IS NULL AND (f.unseen IS NULL OR f.noted_at < now() - interval '1 day'
                                OR f.noted_at < now() - interval '10 minutes' AND f.unseen <= pg_snapshot_xmin(pg_current_snapshot()))))
SELECT max(message_id) FROM noted HAVING count(*) = $2::integer
