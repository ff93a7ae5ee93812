-- On the channels $2, which can edit: edits of what was delivered with buttons and is not so any more. An edit can come only once
-- for each revision.
--
-- Plan: one subject by its key, its occurrences by the prefix of their identity, and the messages by that of theirs.
/* include Outbox/Sql/edit-of.sql */
FROM reminders.subject s
JOIN reminders.occurrence o ON o.subject_id = s.id
JOIN reminders.outbox m ON m.occurrence_id = o.id
WHERE s.id = $1 AND o.has_buttons AND reminders.unwanted(o, s) IS NOT NULL AND m.channel = ANY ($2::text[])
  AND m.operation = 'send' AND m.state = 'sent' AND m.provider_message_id IS NOT NULL
ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
