-- What one round of a soak sent, of the messages after $1: how many, within how many seconds, and how long each was on its way.
SELECT count(*), extract(epoch FROM max(settled_at) - min(send_started_at))::float8,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM settled_at - send_started_at)::float8 * 1000),
       percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM settled_at - send_started_at)::float8 * 1000)
FROM reminders.outbox WHERE id > $1 AND state = 'sent'
