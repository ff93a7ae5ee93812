-- How many messages match ($1 to $7, see bulk-matching.sql).
SELECT count(*) FROM (/* include Outbox/Operators/Sql/bulk-matching.sql */) matching
