-- Counts $2 attempts of the channel $1 that nobody answered, which began at $4 and went to $3, and lets the channel rest
-- when that makes $6 in a row, to more than one recipient. $7 and $8 bound the rest; $9 says that one of them was the
-- probe; $10 addresses are remembered.
--
-- Plan: one row by its key, locked first: nodes that count at the same time count one after the other.
WITH run AS MATERIALIZED (
    SELECT c.name, c.rests_since, c.probes, c.doubts + $2::integer AS doubts, d.doubted,
           c.rests_since IS NULL AND $6::integer > 0 AND c.doubts + $2 >= $6 AND cardinality(d.doubted) >= least($6, 2) AS begins
    FROM reminders.channel c
    CROSS JOIN LATERAL (SELECT (array_agg(DISTINCT x))[1:$10] AS doubted FROM unnest(c.doubted || $3) x) d
    WHERE c.name = $1 FOR UPDATE OF c),
counted AS (
    UPDATE reminders.channel c
    SET doubts = r.doubts, doubted = r.doubted, doubts_since = coalesce(c.doubts_since, $4),
        rests_since = CASE WHEN r.begins THEN clock_timestamp() ELSE c.rests_since END,
        -- The probe was in vain: before another message goes, the channel has to be heard again.
        answered_at = CASE WHEN r.begins OR $9 THEN NULL ELSE c.answered_at END,
        probes = CASE WHEN r.begins THEN 0 WHEN $9 AND r.rests_since IS NOT NULL THEN c.probes + 1 ELSE c.probes END,
        paused_until = CASE WHEN r.begins OR $9 AND r.rests_since IS NOT NULL
                            THEN greatest(c.paused_until, clock_timestamp() + (
                                SELECT /* include Outbox/Sql/rest-wait.sql */
                                FROM (SELECT CASE WHEN r.begins THEN 0 ELSE r.probes + 1 END, $7::interval, $8::interval) w (probes,
                                    first, cap)))
                            ELSE c.paused_until END,
        pause_reason = CASE WHEN r.begins OR $9 THEN $5 ELSE c.pause_reason END
    FROM run r WHERE c.name = r.name
    RETURNING c.doubts_since),
listed AS (
    INSERT INTO reminders.incident (channel, began_at, reason)
    SELECT $1, c.doubts_since, $5 FROM run r CROSS JOIN counted c WHERE r.begins
    ON CONFLICT DO NOTHING)
SELECT coalesce(bool_or(begins), false) FROM run
