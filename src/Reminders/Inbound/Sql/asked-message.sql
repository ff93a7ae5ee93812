-- What the message of the occurrence $1 asks, as its subject and its recipient are now.
SELECT s.status, s.happens_at, s.data::text, coalesce(o.data::text, '{}'), r.name, r.locale, r.zone, reminders.still_says_so(o.id),
       EXISTS (SELECT FROM reminders.party p WHERE p.subject_id = s.id AND p.recipient_id = o.recipient_id),
       coalesce(s.happens_at, o.useful_until) <= clock_timestamp(), reminders.question(s), reminders.standing_answer(s)
FROM reminders.occurrence o
JOIN reminders.subject s ON s.id = o.subject_id
JOIN reminders.recipient r ON r.id = o.recipient_id
WHERE o.id = $1
