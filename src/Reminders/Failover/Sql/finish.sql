-- Ends the recovery of the epoch $1: when everybody who ran then has said what they remember, and nodes that nobody knew of have had the
-- time $5 to say that they are there; or, if $2, though somebody has not, and what they may have sent is held ($3 and $4). One node does.
WITH heard AS (
    UPDATE reminders.failover
    SET finished_at = clock_timestamp(), held_occurrences = held_occurrences + $3, held_messages = held_messages + $4
    WHERE epoch = $1 AND finished_at IS NULL
      AND (nodes <@ reported AND found_at <= clock_timestamp() - $5::interval OR $2)
    RETURNING epoch),
over AS (
    UPDATE reminders.cluster SET recovering = false WHERE recovering AND epoch IN (SELECT epoch FROM heard) RETURNING epoch)
SELECT pg_notify('reminders_outbox', ''), pg_notify('reminders_due', '') FROM over
