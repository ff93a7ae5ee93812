-- Tells whoever has a page open that may show one of the subjects $1: their recruiters, and those who see everybody's. Of more than
-- $2 recruiters, who would not fit into a payload, it is said to anyone, and so it is of a subject that has none.
SELECT pg_notify('reminders_console', coalesce((
    SELECT string_agg(recipient_id::text, ',')
    FROM (SELECT DISTINCT recipient_id FROM reminders.party WHERE subject_id = ANY ($1::bigint[]) AND role = 'recruiter' LIMIT $2 + 1) p
    HAVING count(*) <= $2), ''))
