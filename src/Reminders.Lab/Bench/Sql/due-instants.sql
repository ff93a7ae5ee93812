-- When what the people $1 are told was due, by their chats.
SELECT a.address::bigint, o.due_at
FROM reminders.recipient r
JOIN reminders.occurrence o ON o.recipient_id = r.id
JOIN reminders.address a ON a.recipient_id = r.id AND a.channel = 'telegram'
WHERE r.reference = ANY ($1)
