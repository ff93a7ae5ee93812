-- Writes the edit of a delivered message m whose subject s has changed; a FROM that names both follows. It may arrive
-- after the message's own use is over: a day later nobody looks at it any more.
INSERT INTO reminders.outbox
    (occurrence_id, kind, recipient_id, channel, operation, number, revision, target_id, state, due_at, useful_until)
SELECT m.occurrence_id, m.kind, m.recipient_id, m.channel, 'edit', m.number, s.revision, m.id, 'pending',
       now(), greatest(m.useful_until, now()) + interval '1 day'
