-- One of each that pages are about: a booking that is over, one to come, a message sent, dead and in doubt, and a candidate.
SELECT (SELECT s.key FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
        JOIN reminders.subject s ON s.id = o.subject_id WHERE m.state = 'sent' ORDER BY m.id DESC LIMIT 1),
       (SELECT s.key FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
        WHERE o.kind = 'CONFIRM_2H' AND o.state = 'planned' AND o.due_at > now() + interval '10 days' LIMIT 1),
       (SELECT m.id FROM reminders.outbox m WHERE m.state = 'sent' ORDER BY m.id DESC LIMIT 1),
       (SELECT m.id FROM reminders.outbox m WHERE m.died_at IS NOT NULL ORDER BY m.died_at DESC LIMIT 1),
       (SELECT m.id FROM reminders.outbox m WHERE m.queue = 'held' ORDER BY m.useful_until DESC LIMIT 1),
       r.id, r.reference, r.name
FROM reminders.recipient r WHERE r.reference = 'person-17'
