-- What every one of a hundred subjects of the type $1 has, by name. Which hundred is no matter: one without a value shows that it may
-- be missing.
--
-- Plan: subject_identity at its place for the type.
WITH taken AS MATERIALIZED (SELECT id, data FROM reminders.subject WHERE type = $1::text AND data IS NOT NULL LIMIT 100)
SELECT coalesce(array_agg(had.name), '{}')
FROM (
    SELECT k.name FROM taken CROSS JOIN LATERAL jsonb_object_keys(taken.data) AS k (name)
    GROUP BY k.name HAVING count(*) = (SELECT count(*) FROM taken)) had
