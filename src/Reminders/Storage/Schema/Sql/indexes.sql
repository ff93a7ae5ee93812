-- The indexes of the schema $1. Those of constraints are said by their constraint.
SELECT pg_get_indexdef(i.indexrelid) || ';' || CASE WHEN i.indisvalid AND i.indisready AND i.indislive THEN '' ELSE ' -- invalid' END
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1::text) AND NOT EXISTS (
    SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname
