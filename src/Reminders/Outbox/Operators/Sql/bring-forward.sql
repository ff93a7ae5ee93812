-- The messages of the addresses $2 on the channel $1, which were put off to the end of a wait that is lifted. A digest keeps the
-- time in which it gathers.
UPDATE reminders.outbox m SET due_at = now()
FROM reminders.address a
WHERE a.channel = $1 AND a.address = ANY ($2) AND m.recipient_id = a.recipient_id AND m.channel = $1
  AND m.queue = 'due' AND m.due_at > now() AND m.digest_at IS NULL
