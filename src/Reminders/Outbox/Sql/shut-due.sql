-- The rows that expire-shut.sql would take next, for trying them one by one.
SELECT ARRAY(SELECT late.id FROM (/* include Outbox/Sql/shut-late.sql */) late WHERE late.id <> ALL ($1))
