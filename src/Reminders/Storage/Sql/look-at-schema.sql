-- What is in the schema $1: up to four names, functions too, because ours would replace them; whether our list of applied scripts
-- is there, and what our views of Quartz's tables call; and the engine's schema that those views read. No row when there is no such
-- schema. It asks the catalogue alone, since nothing of ours need be there yet.
SELECT array(SELECT name FROM (
           SELECT relname::text AS name FROM pg_class WHERE relnamespace = n.oid AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
           UNION SELECT proname::text || '()' FROM pg_proc WHERE pronamespace = n.oid) t ORDER BY name LIMIT 4),
       (SELECT count(*) = 3 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = n.oid AND c.relname = 'migration' AND c.relkind = 'r'
          AND (a.attname, a.atttypid::regtype::text) IN
              (('number', 'integer'), ('name', 'text'), ('applied_at', 'timestamp with time zone'))),
       EXISTS (SELECT FROM pg_proc WHERE pronamespace = n.oid AND proname = 'due_second'),
       (SELECT o.nspname::text FROM pg_class v
        JOIN pg_rewrite r ON r.ev_class = v.oid
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class t ON t.oid = d.refobjid AND t.relname = 'occurrence'
        JOIN pg_namespace o ON o.oid = t.relnamespace
        WHERE v.relnamespace = n.oid AND v.relname = 'due' LIMIT 1)
FROM pg_namespace n WHERE n.nspname = $1
