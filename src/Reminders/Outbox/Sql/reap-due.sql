-- The rows that reap.sql would take next, for trying them one by one.
SELECT ARRAY(SELECT m.id FROM reminders.outbox m
             WHERE m.id = ANY (ARRAY(SELECT unnest(messages) FROM reminders.lease_end WHERE at <= now()))
               AND m.state = 'sending' AND m.lease_until <= now() AND m.id <> ALL ($1)
             ORDER BY m.lease_until, m.id LIMIT 500)
