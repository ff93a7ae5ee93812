-- The people of one bulk, of the owner $7.
INSERT INTO reminders.recipient AS r (owner, reference, name, locale, zone, quiet_from, quiet_to)
SELECT $7, reference, name, coalesce(locale, 'en'), coalesce(zone, 'UTC'),
       CASE WHEN quiet_from <> quiet_to THEN quiet_from END, CASE WHEN quiet_from <> quiet_to THEN quiet_to END
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::time[], $6::time[]) WITH ORDINALITY
    AS t (reference, name, locale, zone, quiet_from, quiet_to, nth)
ORDER BY nth
ON CONFLICT ON CONSTRAINT recipient_identity DO UPDATE
SET name = excluded.name, reference = excluded.reference, erased_at = NULL
RETURNING reference, id
