-- How many messages are under way, their lease over for a minute, and in no row of lease_end; at most $1 of them, and since when.
-- Reads the whole outbox.
SELECT count(*), min(lease_until) FROM (
    SELECT m.lease_until FROM reminders.outbox m
    WHERE m.state = 'sending' AND m.lease_until < now() - interval '1 minute'
      AND m.id <> ALL (ARRAY(SELECT unnest(l.messages) FROM reminders.lease_end l)) LIMIT $1) found
