-- An occurrence d's data: its own, or what it shares with others of its request.
CASE WHEN d.data_id IS NULL THEN d.data ELSE (SELECT x.data FROM reminders.shared_data x WHERE x.id = d.data_id) END
