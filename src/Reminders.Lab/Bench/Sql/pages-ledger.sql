-- Writes what was told about the bookings that are over: $1 occurrences spread over $2 bookings, three of each at most, in the order in
-- which they came.
INSERT INTO reminders.occurrence
    (kind, subject_id, version, recipient_id, state, wanted_in, told, has_buttons, due_at, useful_until, planned_by, planned_at, fired_at,
     fired_by, fired_via)
SELECT (ARRAY['CONFIRM_2H', 'CANDIDATE_CONFIRMED', 'NO_ANSWER_1H'])[k], s.id, 1, p.recipient_id, 'fired', '{approved}', s.told, k = 1,
       x.due_at, s.happens_at - interval '10 minutes', 'bench', s.created_at, x.due_at, 'bench1', 'trigger'
FROM (SELECT s.*, s.id - min(s.id) OVER () + 1 AS n FROM reminders.subject s WHERE s.type = 'booking' AND s.happens_at <= now()) s
CROSS JOIN LATERAL generate_series(1, (ceil(s.n * $1::numeric / $2::integer) - ceil((s.n - 1) * $1::numeric / $2::integer))::integer) k
CROSS JOIN LATERAL (SELECT s.happens_at - interval '2 hours' + (k - 1) * interval '20 minutes' AS due_at) x
JOIN reminders.party p ON p.subject_id = s.id AND p.role = CASE k WHEN 1 THEN 'candidate' ELSE 'recruiter' END
WHERE s.n <= $2::integer
ORDER BY s.id, k
