-- Occurrences of the people $1, $2 of them at most.
SELECT o.id FROM reminders.occurrence o WHERE o.recipient_id = ANY ($1) LIMIT $2
