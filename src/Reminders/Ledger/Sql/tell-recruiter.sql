-- Tells the recruiter what became of a reminder that should have asked somebody something: the rows of a CTE named
-- unreported, with subject_id, has_buttons, event (reminder_held or reminder_skipped) and cause.
INSERT INTO reminders.event (subject_id, name, cause)
SELECT subject_id, event, cause FROM unreported WHERE has_buttons
