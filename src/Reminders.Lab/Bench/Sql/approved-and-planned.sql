-- How many of the bookings $1 are approved and have their reminder planned.
SELECT count(*)
FROM reminders.subject s
WHERE s.type = 'booking' AND s.key = ANY ($1) AND s.status = 'approved'
  AND EXISTS (SELECT FROM reminders.occurrence o WHERE o.subject_id = s.id AND o.kind = 'CONFIRM_2H' AND o.state = 'planned')
