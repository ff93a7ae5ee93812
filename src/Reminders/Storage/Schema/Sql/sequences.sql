-- The sequences of the schema $1. Those of identity columns are said by their column.
SELECT format('CREATE SEQUENCE %I.%I AS %s%s%s;', $1::text, c.relname, format_type(s.seqtypid, NULL),
              CASE WHEN s.seqincrement <> 1 THEN ' INCREMENT ' || s.seqincrement ELSE '' END,
              CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1::text) AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('i', 'a'))
ORDER BY c.relname
