-- The triggers of the schema $1 that somebody made; a foreign key's are its own.
-- The one that writes events is on while somebody asks for them: either is as it should be.
SELECT pg_get_triggerdef(t.oid) || ';' || CASE WHEN t.tgenabled = 'D' AND t.tgname <> 'outbox_told' THEN ' -- disabled' ELSE '' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1::text) AND NOT t.tgisinternal ORDER BY c.relname, t.tgname
