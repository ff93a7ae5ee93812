-- Writes what stands around $1 messages: a suppression for each hundredth, an audit line for each fiftieth.
WITH suppressed AS (
    INSERT INTO reminders.suppression (occurrence_id, rule, count, last_by, first_at, last_at)
    SELECT id, (ARRAY['same_version', 'told_once'])[id % 2 + 1], 1 + id % 3, 'bench', due_at, due_at + interval '1 minute'
    FROM reminders.occurrence WHERE state = 'fired' AND id % 100 = 0)
INSERT INTO reminders.audit (at, actor, action, about, reason)
SELECT now() - interval '30 days' * ($1::integer - n) / $1::integer,
       (ARRAY['cli:olga', 'console:rita', 'app'])[n % 3 + 1], 'booking.approve',
       'booking ' || s.key, CASE n % 3 WHEN 0 THEN 'the candidate asked for it' END
FROM generate_series(50, $1::integer, 50) n JOIN reminders.subject s ON s.id = n
