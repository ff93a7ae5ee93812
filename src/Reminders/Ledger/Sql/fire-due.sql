-- The rows that fire.sql would take next, for trying them one by one.
SELECT ARRAY(
    SELECT o.id FROM unnest($1::text[]) AS k (kind) CROSS JOIN LATERAL (
        SELECT id FROM reminders.occurrence
        WHERE kind = k.kind AND state = 'planned' AND due_at <= now() AND (due_at <= now() - $2::interval OR due_at <= planned_at)
          AND id <> ALL ($3)
        ORDER BY due_at, id LIMIT $4) o)
