-- After the database was restored: sets aside up to $3 planned occurrences of the kinds $1 that were due by $2. What is lost may have
-- sent them, unless they were planned only after $6. They are skipped by $4 for the reason $5, and nobody is told; release-held.sql plans
-- them again.
--
-- Plan: occurrence_due holds only what is planned by (kind, due_at, id), from each kind's oldest to the LIMIT.
WITH late AS MATERIALIZED (
    SELECT o.id FROM unnest($1::text[]) AS k (kind) CROSS JOIN LATERAL (
        SELECT id FROM reminders.occurrence o
        WHERE o.kind = k.kind AND o.state = 'planned' AND o.due_at <= $2::timestamptz AND o.planned_at <= $6::timestamptz
        ORDER BY o.due_at, o.id LIMIT $3 FOR UPDATE SKIP LOCKED) o
    LIMIT $3),
held AS (
    UPDATE reminders.occurrence o SET state = 'skipped', reason = $5, fired_at = now(), fired_by = $4, fired_via = NULL
    WHERE o.id = ANY (ARRAY(SELECT id FROM late)) AND o.state = 'planned'
    RETURNING o.id)
SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM held
