-- The rows that fire.sql would take next, for trying them one by one.
SELECT ARRAY(
    SELECT id FROM reminders.occurrence
    WHERE kind = ANY ($1) AND state = 'planned' AND due_at <= now() AND (due_at <= now() - $2::interval OR due_at <= planned_at)
        AND id <> ALL ($3)
    ORDER BY due_at, id LIMIT $4)
