-- The newest $2 occurrences about the subject that $1 is the key of, or the type and the key.
--
-- Plan: the types there are from one to the next, of each the key by the subject's identity.
WITH RECURSIVE known AS (
    (SELECT type FROM reminders.subject ORDER BY type LIMIT 1)
    UNION ALL
    SELECT next.type FROM known CROSS JOIN LATERAL (
        SELECT s.type FROM reminders.subject s WHERE s.type > known.type ORDER BY s.type LIMIT 1) next)
SELECT o.id
FROM known
CROSS JOIN LATERAL (
    SELECT s.id FROM reminders.subject s
    WHERE s.type = known.type
      AND s.key = CASE WHEN starts_with($1::text, known.type || ' ') THEN substr($1::text, length(known.type) + 2) ELSE $1::text END) s
JOIN reminders.occurrence o ON o.subject_id = s.id
ORDER BY o.id DESC LIMIT $2
