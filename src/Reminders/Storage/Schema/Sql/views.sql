-- The views of the schema $1.
SELECT format(E'CREATE VIEW %I.%I AS\n%s', $1::text, v.relname, pg_get_viewdef(v.oid, true))
FROM pg_class v WHERE v.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1::text) AND v.relkind = 'v' ORDER BY v.relname
