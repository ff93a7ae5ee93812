-- How many reminders were due $1 ago and are still planned, at most $2 of them, and since when.
--
-- Plan: kind by kind, because the index of what is planned begins with it. Nothing that is due later is read.
WITH RECURSIVE /* include Doctor/Sql/planned-kinds.sql */
SELECT count(*), min(due_at) FROM (
    SELECT late.due_at FROM kind k CROSS JOIN LATERAL (
        SELECT o.due_at FROM reminders.occurrence o
        WHERE o.state = 'planned' AND o.kind = k.kind AND o.due_at < now() - $1::interval
        ORDER BY o.due_at LIMIT $2) late
    LIMIT $2) found
