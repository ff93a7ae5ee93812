-- All that match ($1 to $7, see bulk-matching.sql).
SELECT ARRAY(SELECT id FROM (/* include Outbox/Operators/Sql/bulk-matching.sql */) matching ORDER BY id)
