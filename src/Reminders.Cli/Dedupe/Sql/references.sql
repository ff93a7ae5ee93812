-- The foreign keys that point at the table $1, with their columns in order, those that they point at and their types, and the
-- primary key of the table that points. A partition's own copy of a key (conparentid) is left out: its table's stands for it.
SELECT format('%I.%I', n.nspname, c.relname), f.conname::text, f.confdeltype IN ('c', 'n', 'd'),
       array_agg(a.attname::text ORDER BY k.place), array_agg(b.attname::text ORDER BY k.place),
       array_agg(format_type(b.atttypid, NULL) ORDER BY k.place),
       ARRAY(SELECT p.attname::text FROM pg_index i JOIN pg_attribute p ON p.attrelid = i.indrelid AND p.attnum = ANY (i.indkey)
             WHERE i.indrelid = f.conrelid AND i.indisprimary ORDER BY p.attnum)
FROM pg_constraint f
JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY k (from_column, to_column, place)
JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.from_column
JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = k.to_column
WHERE f.contype = 'f' AND f.confrelid = $1 AND f.conparentid = 0
GROUP BY f.oid, f.conrelid, n.nspname, c.relname, f.conname, f.confdeltype ORDER BY 1, 2
