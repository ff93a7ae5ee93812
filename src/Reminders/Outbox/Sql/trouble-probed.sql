-- The probe of the channel $1 was one of the messages $2, and is over.
UPDATE reminders.channel SET probe_id = NULL, probe_until = NULL WHERE name = $1 AND probe_id = ANY ($2)
