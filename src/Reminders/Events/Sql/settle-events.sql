-- What became of the events $1, taken under the leases $2. Delivered ($3) they are gone; else they are due again after $4, for the reason
-- $5, and with $6 a failed try more, the last of $7. Taken by another meanwhile, they are its business.
WITH outcome AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::interval[], $5::text[], $6::integer[])
        AS t (id, lease, delivered, wait, trouble, failed)),
gone AS (
    DELETE FROM reminders.webhook_event e USING outcome o WHERE e.id = o.id AND e.lease = o.lease AND o.delivered
    RETURNING 1),
put_off AS (
    UPDATE reminders.webhook_event e
    SET attempts = e.attempts + o.failed, due_at = clock_timestamp() + o.wait, trouble = o.trouble,
        died_at = CASE WHEN e.attempts + o.failed >= $7 THEN clock_timestamp() END
    FROM outcome o WHERE e.id = o.id AND e.lease = o.lease AND NOT o.delivered
    RETURNING e.died_at)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM put_off WHERE died_at IS NOT NULL)
