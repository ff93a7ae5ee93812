-- A row c of reminders.channel: stopped until somebody or something lets it go on, and not by time alone.
(c.stopped_since IS NOT NULL OR c.rests_since IS NOT NULL AND c.answered_at IS NULL)
