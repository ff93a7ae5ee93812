-- The rows that reap.sql would take next, for trying them one by one.
SELECT ARRAY(SELECT id FROM reminders.outbox WHERE state = 'sending' AND lease_until <= now() AND id <> ALL ($1)
             ORDER BY lease_until, id LIMIT 500)
