-- The keys as PostgreSQL understood them: each expression of the index $1 on the empty copy of the table, whether it is a text,
-- and the operator that the index takes for equality (strategy 3 of a B-tree). The copy is the session's own, so it is looked up
-- when this runs and not when it is read.
SELECT pg_get_indexdef(i.indexrelid, a.attnum::int, false), t.typcategory = 'S', format('OPERATOR(%I.%s)', n.nspname, o.oprname)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_attribute a ON a.attrelid = i.indexrelid
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_opclass family ON family.oid = i.indclass[a.attnum - 1]
JOIN pg_amop equal ON equal.amopfamily = family.opcfamily AND equal.amopstrategy = 3
    AND equal.amoplefttype = family.opcintype AND equal.amoprighttype = family.opcintype
JOIN pg_operator o ON o.oid = equal.amopopr
JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE i.indrelid = to_regclass('pg_temp.dedupe_shape') AND c.relname = $1 ORDER BY a.attnum
