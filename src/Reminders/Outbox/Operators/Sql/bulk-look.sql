-- Of the first $6 in doubt, or the dead that died last, those that match ($1 to $4, see bulk-matching.sql) and came to be so by $5, and
-- whether there are no more.
--
-- Plan: along outbox_held, or outbox_dead backwards, as far as that.
WITH looked AS MATERIALIZED (
    SELECT m.id, m.operation = 'send' AND (NOT $1 OR m.settled_at <= $5)
                 AND /* include Outbox/Operators/Sql/bulk-selected.sql */ AS matches
    FROM ((SELECT x.* FROM reminders.outbox x WHERE $1 AND x.queue = 'held' ORDER BY x.useful_until, x.id LIMIT $6)
          UNION ALL
          (SELECT x.* FROM reminders.outbox x WHERE NOT $1 AND x.died_at IS NOT NULL AND x.died_at <= $5
           ORDER BY x.died_at DESC, x.id DESC LIMIT $6)) m)
SELECT coalesce(array_agg(id) FILTER (WHERE matches), '{}'), count(*) < $6 FROM looked
