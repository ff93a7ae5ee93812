-- Why the newest 10,001 of the dead died, the most frequent cause first.
--
-- Plan: outbox_dead, backwards.
SELECT why, count(*) FROM (
    SELECT left(reason, 300) AS why FROM reminders.outbox
    WHERE died_at IS NOT NULL AND operation = 'send' ORDER BY died_at DESC, id DESC LIMIT 10001) newest
WHERE why IS NOT NULL GROUP BY why ORDER BY 2 DESC, 1 LIMIT 10
