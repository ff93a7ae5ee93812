-- An inbox item i's data: its own, and over it what it shares.
CASE WHEN i.data_id IS NULL THEN i.data ELSE i.data || (SELECT x.data FROM reminders.shared_data x WHERE x.id = i.data_id) END
