-- What is planned for the subject $1 and not wanted any more, cancelled in the name of $2.
--
-- Plan: one subject by its key, its occurrences by the prefix of their identity, and the messages by that of theirs.
UPDATE reminders.occurrence o
SET state = 'cancelled', reason = reminders.unwanted(o, s), cancelled_at = clock_timestamp(), cancelled_by = $2
FROM reminders.subject s
WHERE s.id = $1 AND o.subject_id = s.id AND o.state IN ('planned', 'waiting') AND reminders.unwanted(o, s) IS NOT NULL
