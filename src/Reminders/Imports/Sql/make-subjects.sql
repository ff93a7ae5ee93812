-- The subjects $1 (types) and $2 (keys) of the owner $3, where they are missing; made by $4.
INSERT INTO reminders.subject (type, key, owner, status, created_by)
SELECT type, key, $3, 'open', $4 FROM unnest($1::text[], $2::text[]) AS t (type, key) ORDER BY type, key
ON CONFLICT ON CONSTRAINT subject_identity DO NOTHING
