-- What is open of kinds that are none of $1: nobody fires or claims it. Of each at most $2 are counted.
--
-- Plan: kinds are stepped through in the indexes that begin with them; the others are looked through as far as $2.
WITH RECURSIVE /* include Doctor/Sql/planned-kinds.sql */,
/* include Outbox/Sql/queued-kinds.sql */
SELECT open.kind, sum(open.count)::bigint FROM (
    SELECT k.kind, (SELECT count(*) FROM (
        SELECT FROM reminders.occurrence o WHERE o.state = 'planned' AND o.kind = k.kind LIMIT $2) found) AS count
    FROM kind k WHERE k.kind <> ALL ($1)
    UNION ALL
    SELECT q.kind, (SELECT count(*) FROM (
        SELECT FROM reminders.outbox m WHERE m.queue = 'due' AND m.channel = q.channel AND m.kind = q.kind LIMIT $2) found)
    FROM queued q WHERE q.kind <> ALL ($1)
    UNION ALL
    SELECT w.kind, 1 FROM (SELECT o.kind FROM reminders.occurrence o WHERE o.state = 'waiting' LIMIT $2) w WHERE w.kind <> ALL ($1)
    UNION ALL
    SELECT h.kind, 1 FROM (SELECT m.kind FROM reminders.outbox m WHERE m.queue = 'held' LIMIT $2) h WHERE h.kind <> ALL ($1)
    UNION ALL
    SELECT u.kind, 1 FROM reminders.under_way u WHERE u.kind <> ALL ($1)) open
GROUP BY open.kind ORDER BY open.kind
