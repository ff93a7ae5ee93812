-- The settings named in $1 as they count for a session of the engine; sizes and times with their units.
SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY ($1)
