-- What became of the reminders that were due at $1, and how many milliseconds after that. By the database's clock throughout:
-- the nodes' own differ.
WITH m AS (
    SELECT m.state, extract(epoch FROM m.settled_at - o.due_at)::float8 * 1000 AS settled,
           extract(epoch FROM o.fired_at - o.due_at)::float8 * 1000 AS fired,
           extract(epoch FROM m.send_started_at - o.due_at)::float8 * 1000 AS started
    FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
    WHERE m.kind = 'CONFIRM_2H' AND m.operation = 'send' AND o.due_at = $1)
SELECT count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state = 'uncertain'),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY settled), percentile_cont(0.99) WITHIN GROUP (ORDER BY settled),
       min(fired), max(fired), min(started), min(settled), max(settled)
FROM m
