-- The rows that a claim would take next, for trying them one by one.
SELECT coalesce(array_agg(id), '{}') FROM (
    SELECT id FROM reminders.outbox
    WHERE channel = $1 AND kind = ANY ($2) AND queue = 'due' AND due_at <= now() AND id <> ALL ($3)
    ORDER BY due_at, id LIMIT $4) due
