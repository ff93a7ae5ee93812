-- Writes $1 approved bookings named after $5, each with a candidate of its own, whose chat is 1000000 plus their id, and one
-- occurrence of the kind $2 that is due in $3: planned, or, when $4, fired already with a pending message.
WITH person AS (
    INSERT INTO reminders.recipient (reference, name, locale, zone)
    SELECT $5 || ':' || n, 'Bulk ' || n, 'en', 'UTC' FROM generate_series(1, $1) n RETURNING id),
address AS (
    INSERT INTO reminders.address (recipient_id, channel, address) SELECT id, 'telegram', (1000000 + id)::text FROM person),
booking AS (
    INSERT INTO reminders.subject (type, key, status, happens_at, data, created_by)
    SELECT 'booking', gen_random_uuid()::text, 'approved', date_trunc('second', now()) + interval '2 hours' + $3,
           jsonb_build_object('title', 'Interview', 'place', '', 'candidate', 'Bulk', 'recruiter', 'Rita', 'person', id), 'bulk'
    FROM person RETURNING id, told, happens_at, (data ->> 'person')::bigint AS person_id),
party AS (
    INSERT INTO reminders.party (subject_id, role, recipient_id) SELECT id, 'candidate', person_id FROM booking),
occurrence AS (
    INSERT INTO reminders.occurrence
        (kind, subject_id, version, recipient_id, state, wanted_in, told, has_buttons, due_at, useful_until, planned_by, fired_at)
    SELECT $2, id, 1, person_id, CASE WHEN $4 THEN 'fired' ELSE 'planned' END, ARRAY['approved'], told, $2 = 'CONFIRM_2H',
           happens_at - interval '2 hours', happens_at - interval '10 minutes', 'bulk', CASE WHEN $4 THEN now() END
    FROM booking RETURNING id, recipient_id, due_at, useful_until)
INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
SELECT id, $2, recipient_id, 'telegram', 'send', 'pending', due_at, useful_until FROM occurrence WHERE $4
