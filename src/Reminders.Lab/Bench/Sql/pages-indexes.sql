-- The indexes of the tables that are filled, but those of their constraints, and how each is made: set aside while they are, and made once
-- at the end, they take a third of the time.
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made
FROM pg_index i
WHERE i.indrelid = ANY ('{reminders.recipient, reminders.address, reminders.subject, reminders.party, reminders.occurrence,
                          reminders.outbox, reminders.suppression, reminders.audit}'::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
