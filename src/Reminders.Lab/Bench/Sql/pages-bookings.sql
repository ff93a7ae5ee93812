-- Writes $1 bookings of the last thirty days, with whatever became of them, and $2 approved ones of the next thirty, from four hours on;
-- in the order they begin, on marks of five minutes, of $3 candidates and $4 recruiters in turns.
WITH first AS (SELECT min(id) AS id FROM reminders.recipient WHERE reference LIKE 'recruiter-%'),
booking AS (
    INSERT INTO reminders.subject (type, key, status, happens_at, data, created_by, created_at, changed_at)
    SELECT 'booking', gen_random_uuid()::text,
           CASE WHEN n > $1::integer THEN 'approved'
                ELSE (ARRAY['confirmed', 'confirmed', 'approved', 'confirmed', 'declined', 'confirmed', 'approved', 'cancelled'])[n % 8 + 1]
           END,
           x.at, jsonb_build_object('title', 'Interview ' || n, 'place', 'Room ' || n % 40), 'bench', x.at - interval '3 days',
           x.at - interval '1 day'
    FROM generate_series(1, $1::integer + $2::integer) n
    CROSS JOIN LATERAL (
        SELECT date_bin('5 minutes', CASE WHEN n <= $1::integer THEN now() - interval '30 days' * ($1::integer - n) / $1::integer
                                          ELSE now() + interval '4 hours' + interval '30 days' * (n - $1::integer) / $2::integer END,
                        timestamptz 'epoch') AS at) x
    RETURNING id, happens_at)
INSERT INTO reminders.party (subject_id, role, recipient_id, happens_at)
SELECT b.id, p.role, first.id + CASE p.role WHEN 'recruiter' THEN b.id % $4::integer ELSE $4::integer + b.id % $3::integer END,
       CASE p.role WHEN 'recruiter' THEN b.happens_at END
FROM booking b CROSS JOIN first CROSS JOIN (VALUES ('candidate'), ('recruiter')) AS p (role)
