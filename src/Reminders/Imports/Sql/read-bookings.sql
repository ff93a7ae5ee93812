-- For each of $1 (bookings), $2 (references) and $3 (roles): the booking of the owner $4 as it is now, and the person who has that part in
-- it. A row for each, in their order; NULLs where there is none.
--
-- Plan: each is looked up by a UNIQUE index, which LIMIT 1 makes sure of.
SELECT s.id, s.version, s.happens_at, s.told, s.announcement, r.id
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS t (key, reference, role, nth)
LEFT JOIN LATERAL (
    SELECT * FROM reminders.subject x WHERE x.type = 'booking' AND x.key = t.key AND x.owner = $4 LIMIT 1) s ON true
LEFT JOIN LATERAL (
    SELECT p.id FROM reminders.recipient p JOIN reminders.party q ON q.subject_id = s.id AND q.role = t.role AND q.recipient_id = p.id
    WHERE p.identity = reminders.pseudonym($4, t.reference) LIMIT 1) r ON true
ORDER BY t.nth
