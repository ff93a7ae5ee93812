-- The channels that messages wait for and no node sends over which was seen within $1: how many wait, as far as $2, and when the first is
-- due. None while no node runs at all, or one runs of a build that does not say what it sends over.
--
-- Plan: kind by kind along outbox_due, whose first is the one that is due first; of a channel that nobody serves, as far as $2.
WITH RECURSIVE /* include Outbox/Sql/queued-kinds.sql */,
alive AS MATERIALIZED (SELECT serves FROM reminders.node WHERE seen_at > clock_timestamp() - $1::interval)
SELECT q.channel,
       (SELECT count(*) FROM (SELECT FROM reminders.outbox m WHERE m.queue = 'due' AND m.channel = q.channel LIMIT $2) waiting),
       min((SELECT m.due_at FROM reminders.outbox m WHERE m.queue = 'due' AND m.channel = q.channel AND m.kind = q.kind
            ORDER BY m.due_at LIMIT 1))
FROM queued q
WHERE EXISTS (SELECT FROM alive) AND NOT EXISTS (SELECT FROM alive a WHERE a.serves IS NULL OR q.channel = ANY (a.serves))
GROUP BY q.channel ORDER BY q.channel
