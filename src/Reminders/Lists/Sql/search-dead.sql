-- The same of those that are dead, by when they died.
--
-- Plan: along outbox_dead.
WITH found AS MATERIALIZED (
    SELECT m.id, m.at FROM (
        SELECT x.*, x.died_at AS at FROM reminders.outbox x
        WHERE x.died_at IS NOT NULL AND (x.died_at, x.id) < ($1::timestamptz, $2::bigint)
        ORDER BY x.died_at DESC, x.id DESC LIMIT $3) m
    WHERE /* include Lists/Sql/search-matches.sql */
    LIMIT $4)
SELECT id, at, false AS is_end FROM found
UNION ALL
(SELECT x.id, x.died_at, true FROM reminders.outbox x
 WHERE (SELECT count(*) FROM found) < $4 AND x.died_at IS NOT NULL AND (x.died_at, x.id) < ($1::timestamptz, $2::bigint)
 ORDER BY x.died_at DESC, x.id DESC OFFSET $3 - 1 LIMIT 1)
