-- What is left out stays as it is, which an upsert cannot say: it sees a default where nothing was given.
--
-- Plan: one look by primary key for each, which LIMIT 1 makes sure of. Looked up inside of the upsert, ten thousand
-- known people were held against ten thousand given ones, row by row.
UPDATE reminders.recipient r
SET locale = wanted.locale, zone = wanted.zone, quiet_from = wanted.quiet_from, quiet_to = wanted.quiet_to
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::time[], $5::time[]) AS t (id, locale, zone, quiet_from, quiet_to)
CROSS JOIN LATERAL (
    SELECT x.id, coalesce(t.locale, x.locale) AS locale, coalesce(t.zone, x.zone) AS zone,
           CASE WHEN t.quiet_from IS NULL THEN x.quiet_from WHEN t.quiet_from <> t.quiet_to THEN t.quiet_from END AS quiet_from,
           CASE WHEN t.quiet_from IS NULL THEN x.quiet_to WHEN t.quiet_from <> t.quiet_to THEN t.quiet_to END AS quiet_to
    FROM reminders.recipient x WHERE x.id = t.id LIMIT 1) wanted
WHERE r.id = t.id AND (r.locale, r.zone, r.quiet_from, r.quiet_to) IS DISTINCT FROM (wanted.locale, wanted.zone, wanted.quiet_from,
    wanted.quiet_to)
