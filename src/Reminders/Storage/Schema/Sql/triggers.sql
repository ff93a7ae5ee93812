-- The triggers of the schema $1 that somebody made; a foreign key's are its own.
SELECT pg_get_triggerdef(t.oid) || ';' || CASE WHEN t.tgenabled = 'D' THEN ' -- disabled' ELSE '' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1::text) AND NOT t.tgisinternal ORDER BY c.relname, t.tgname
