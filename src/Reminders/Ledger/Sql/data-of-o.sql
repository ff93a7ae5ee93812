-- An occurrence o's data: its own, or what it shares with others of its request.
CASE WHEN o.data_id IS NULL THEN o.data ELSE (SELECT x.data FROM reminders.shared_data x WHERE x.id = o.data_id) END
