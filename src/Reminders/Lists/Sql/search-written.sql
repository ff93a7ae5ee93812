-- Messages written before ($1, $2) that are asked for, the newest first, $4 of them at most. No more than $3 are looked at; where those
-- have less of them, the last one that was looked at follows, as its end.
--
-- Plan: along outbox_created, as far as it takes to find them; the end by that index alone.
WITH found AS MATERIALIZED (
    SELECT m.id, m.at FROM (
        SELECT x.*, x.created_at AS at FROM reminders.outbox x
        WHERE (x.created_at, x.id) < ($1::timestamptz, $2::bigint) AND ($13::timestamptz IS NULL OR x.created_at >= $13::timestamptz)
          AND ($14::timestamptz IS NULL OR x.created_at < $14::timestamptz)
        ORDER BY x.created_at DESC, x.id DESC LIMIT $3) m
    WHERE /* include Lists/Sql/search-matches.sql */
    LIMIT $4)
SELECT id, at, false AS is_end FROM found
UNION ALL
(SELECT x.id, x.created_at, true FROM reminders.outbox x
 WHERE (SELECT count(*) FROM found) < $4 AND (x.created_at, x.id) < ($1::timestamptz, $2::bigint)
   AND ($13::timestamptz IS NULL OR x.created_at >= $13::timestamptz) AND ($14::timestamptz IS NULL OR x.created_at < $14::timestamptz)
 ORDER BY x.created_at DESC, x.id DESC OFFSET $3 - 1 LIMIT 1)
