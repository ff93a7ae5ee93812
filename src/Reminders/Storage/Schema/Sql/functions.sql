-- The functions and procedures of the schema $1.
SELECT rtrim(pg_get_functiondef(p.oid), E'\n') || ';' FROM pg_proc p
WHERE p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1::text) AND p.prokind IN ('f', 'p')
ORDER BY p.proname, pg_get_function_identity_arguments(p.oid)
