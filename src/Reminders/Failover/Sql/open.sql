-- Begins the recovery from a step back that $5 has found: after the epoch $1, on the system $2 and its timeline $3, because of $4. One
-- node does; $6 is how long the nodes that ran then are waited for.
--
-- Who ran then: seen in the 30 s before the last commit that this server has replayed, or since. Where it does not know which that
-- was, whoever is in the table. And whom the recovery before this one was still waiting for.
WITH moved AS (
    UPDATE reminders.cluster SET epoch = epoch + 1, recovering = true, system = $2, timeline = $3
    WHERE epoch = $1
    RETURNING epoch),
ended AS (
    UPDATE reminders.failover SET finished_at = clock_timestamp()
    WHERE finished_at IS NULL AND EXISTS (SELECT FROM moved)
    RETURNING nodes, reported)
INSERT INTO reminders.failover (epoch, cause, found_by, known_until, nodes, wait_until)
SELECT m.epoch, $4, $5, pg_last_xact_replay_timestamp(),
       ARRAY(SELECT name FROM reminders.node
             WHERE seen_at >= coalesce(pg_last_xact_replay_timestamp(), '-infinity') - interval '30 seconds'
             UNION
             SELECT w.name FROM ended e CROSS JOIN unnest(e.nodes) AS w (name) WHERE w.name <> ALL (e.reported)),
       clock_timestamp() + $6::interval
FROM moved m
ON CONFLICT (epoch) DO NOTHING
