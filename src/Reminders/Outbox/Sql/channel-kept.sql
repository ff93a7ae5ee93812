-- A row c of reminders.channel: stopped until somebody or something lets it go on, and not by a provider's time.
(/* include Outbox/Sql/channel-stopped.sql */ OR c.rests_since IS NOT NULL AND c.answered_at IS NULL)
