-- Counts which rows were in the way of plan.sql.
--
-- Plan:
-- One look into the index for each: joined, a subject that is thought to have a hundred rows is read whole and held row
-- by row against ten thousand recipients.
WITH deciding AS MATERIALIZED (
    SELECT o.id, o.recipient_id, o.state, o.planned_at
    FROM unnest($3::bigint[], $4::bigint[]) AS t (recipient_id, version)
    CROSS JOIN LATERAL (
        SELECT * FROM reminders.occurrence x
        WHERE x.subject_id = $2 AND x.kind = $1 AND x.version = t.version AND x.recipient_id = t.recipient_id LIMIT 1) o),
counted AS (
    INSERT INTO reminders.suppression AS s (occurrence_id, rule, last_by)
    SELECT id, $5, $6 FROM deciding ORDER BY id
    ON CONFLICT (occurrence_id, rule) DO UPDATE SET count = s.count + 1, last_at = now(), last_by = excluded.last_by)
SELECT recipient_id, id, state, planned_at FROM deciding
