-- Messages that a decision may be over: those in doubt if $1, else the dead that have not been replayed; of the kind $2 and the channel $3,
-- with one of the patterns $4 as their reason, those with the ids $5 alone where given; and none that came to be so after $6. At most $7.
--
-- Plan: those that are named by primary key, else outbox_held or outbox_dead, whole.
SELECT m.id, m.occurrence_id FROM (
    SELECT x.* FROM (SELECT DISTINCT unnest($5::bigint[]) AS id) named JOIN reminders.outbox x ON x.id = named.id
    WHERE CASE WHEN $1 THEN x.queue = 'held' AND x.settled_at <= $6 ELSE x.died_at <= $6 END
    UNION ALL
    SELECT x.* FROM reminders.outbox x WHERE $5 IS NULL AND $1 AND x.queue = 'held' AND x.settled_at <= $6
    UNION ALL
    SELECT x.* FROM reminders.outbox x WHERE $5 IS NULL AND NOT $1 AND x.died_at IS NOT NULL AND x.died_at <= $6) m
WHERE m.operation = 'send' AND /* include Outbox/Operators/Sql/bulk-selected.sql */
LIMIT $7
