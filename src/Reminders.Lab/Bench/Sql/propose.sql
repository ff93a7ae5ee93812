-- Proposes $1 bookings that happen at $2, of the run $3: each with a candidate of its own, who has an address on the
-- channel $4, and all with one recruiter. In Telegram the chat is 1000000 plus their id. Returns their keys.
WITH person AS (
    INSERT INTO reminders.recipient (reference, name, locale, zone)
    SELECT $3 || ':' || n, 'Candidate ' || n, CASE n % 2 WHEN 0 THEN 'en' ELSE 'ru' END, 'Europe/Moscow'
    FROM generate_series(1, $1) n RETURNING id, reference),
recruiter AS (
    INSERT INTO reminders.recipient (reference, name, locale, zone) VALUES ($3 || ':recruiter', 'Recruiter', 'en', 'UTC')
        RETURNING id),
address AS (
    INSERT INTO reminders.address (recipient_id, channel, address)
    SELECT id, $4, CASE $4 WHEN 'email' THEN 'candidate' || id || '@example.com' WHEN 'whatsapp' THEN (15550000000 + id)::text
                           ELSE (1000000 + id)::text END
    FROM person WHERE $4 <> 'inbox'),
booking AS (
    INSERT INTO reminders.subject (type, key, status, happens_at, data, created_by)
    SELECT 'booking', gen_random_uuid()::text, 'proposed', $2,
           jsonb_build_object('title', 'Interview ' || id, 'place', '', 'candidate', 'Candidate', 'recruiter', 'Recruiter',
                              'person', id), 'bench'
    FROM person RETURNING id, key, (data ->> 'person')::bigint AS person_id),
party AS (
    INSERT INTO reminders.party (subject_id, role, recipient_id)
    SELECT id, 'candidate', person_id FROM booking
    UNION ALL SELECT booking.id, 'recruiter', recruiter.id FROM booking, recruiter)
SELECT key FROM booking
