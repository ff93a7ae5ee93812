-- Writes a message over the next channel for each message m of a FROM that follows and names next as well.
INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
SELECT m.occurrence_id, m.kind, m.recipient_id, next.channel, 'send', 'pending', now(), m.useful_until
