-- Messages that a decision may be over: those in doubt if $1, else the dead that have not been replayed; of the kind $2 and the channel $3,
-- with one of the patterns $4 as their reason, among the ids $5, where given; and none that came to be so after $6. At most $7.
SELECT m.id, m.occurrence_id FROM reminders.outbox m
WHERE $1 AND m.queue = 'held' AND m.operation = 'send' AND m.settled_at <= $6 AND /* include Outbox/Operators/Sql/bulk-selected.sql */
UNION ALL
SELECT m.id, m.occurrence_id FROM reminders.outbox m
WHERE NOT $1 AND m.died_at IS NOT NULL AND m.operation = 'send' AND m.died_at <= $6
  AND /* include Outbox/Operators/Sql/bulk-selected.sql */
  AND NOT EXISTS (SELECT FROM reminders.outbox n
                  WHERE n.occurrence_id = m.occurrence_id AND n.channel = m.channel AND n.number > m.number)
LIMIT $7
