-- A booking of the key $1 that is proposed for $2, with what templates may say of it ($3) and its two people ($5, $6). Whoever has a
-- page open that may show it is told.
WITH booking AS (
    INSERT INTO reminders.subject (type, key, owner, status, happens_at, data, created_by)
    VALUES ('booking', $1, $7, 'proposed', $2, $3::jsonb, $4)
    RETURNING id)
INSERT INTO reminders.party (subject_id, role, recipient_id)
SELECT id, role, recipient_id
FROM booking, (VALUES ('candidate', $5::bigint), ('recruiter', $6::bigint)) AS p (role, recipient_id),
     (SELECT pg_notify('reminders_console', $6::bigint::text)) AS told
