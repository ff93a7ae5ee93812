-- A row c of reminders.channel: stopped by hand, and not only until a time that has come.
(c.stopped_since IS NOT NULL AND coalesce(c.stopped_until > clock_timestamp(), true))
