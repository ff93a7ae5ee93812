-- The message $1 once more, under the next number, at once; no row when that number is taken.
/* include Outbox/Sql/next-number.sql */
FROM (SELECT *, interval '0' AS wait FROM reminders.outbox WHERE id = $1) m
ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
RETURNING id
