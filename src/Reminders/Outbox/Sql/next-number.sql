-- Writes a message m once more, under the next resend number, due after its column wait. A FROM that names m follows,
-- and ON CONFLICT DO NOTHING: that number exists once.
INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, number, state, due_at, useful_until)
SELECT m.occurrence_id, m.kind, m.recipient_id, m.channel, 'send', m.number + 1, 'pending', now() + m.wait, m.useful_until
