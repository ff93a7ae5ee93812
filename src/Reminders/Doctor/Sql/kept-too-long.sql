-- How many messages ended longer than $1 ago, and how many idempotency keys are older than $2; at most $3 of each are looked at, the
-- oldest first. And since when they should be gone.
--
-- Plan: by when they were made, which no message ended before; where nothing is behind, hardly any is as old as that.
SELECT count(*), min(gone_at) FROM (
    SELECT m.settled_at + $1::interval AS gone_at FROM (
        SELECT o.state, o.settled_at FROM reminders.outbox o
        WHERE o.created_at < now() - $1::interval ORDER BY o.created_at, o.id LIMIT $3) m
    WHERE m.state IN ('sent', 'dead', 'cancelled') AND m.settled_at < now() - $1::interval
    UNION ALL
    SELECT k.created_at + $2::interval FROM (
        SELECT i.created_at FROM reminders.idempotency i
        WHERE i.created_at < now() - $2::interval ORDER BY i.created_at LIMIT $3) k) old
