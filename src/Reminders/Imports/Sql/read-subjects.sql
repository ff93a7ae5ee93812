-- For each of $1 (types), $2 (keys) and $3 (references) of the owner $4: the subject, its version, and the person, erased or not. A row for
-- each, in their order.
--
-- Plan: each is looked up by a UNIQUE index, which LIMIT 1 makes sure of.
SELECT s.id, s.version, r.id
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS t (type, key, reference, nth)
CROSS JOIN LATERAL (
    SELECT x.id, x.version FROM reminders.subject x WHERE x.type = t.type AND x.key = t.key AND x.owner = $4 LIMIT 1) s
CROSS JOIN LATERAL (
    SELECT x.id FROM reminders.recipient x WHERE x.identity = reminders.pseudonym($4, t.reference) LIMIT 1) r
ORDER BY t.nth
