-- The same of those in doubt, the soonest useless first: after ($1, $2).
--
-- Plan: along outbox_held.
WITH found AS MATERIALIZED (
    SELECT m.id, m.at FROM (
        SELECT x.*, x.useful_until AS at FROM reminders.outbox x
        WHERE x.queue = 'held' AND (x.useful_until, x.id) > ($1::timestamptz, $2::bigint)
        ORDER BY x.useful_until, x.id LIMIT $3) m
    WHERE /* include Lists/Sql/search-matches.sql */
    LIMIT $4)
SELECT id, at, false AS is_end FROM found
UNION ALL
(SELECT x.id, x.useful_until, true FROM reminders.outbox x
 WHERE (SELECT count(*) FROM found) < $4 AND x.queue = 'held' AND (x.useful_until, x.id) > ($1::timestamptz, $2::bigint)
 ORDER BY x.useful_until, x.id OFFSET $3 - 1 LIMIT 1)
