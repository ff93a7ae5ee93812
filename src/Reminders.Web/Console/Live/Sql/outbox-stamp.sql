-- Another text whenever something has changed in the outbox, the audit or the cluster: what is new, under way, held, dead, paused or gone.
--
-- Plan: ends of indexes, and tables of a few rows; asked every two seconds by a node on which somebody looks.
SELECT concat_ws('/',
    (SELECT max(id) FROM reminders.outbox),
    (SELECT sum(id) FROM reminders.lease_end),
    (SELECT max(id) FROM reminders.operator_action),
    (SELECT max(id) FROM reminders.press),
    (SELECT max(id) FROM reminders.audit),
    (SELECT count(*) FROM (SELECT FROM reminders.outbox WHERE queue = 'held' LIMIT 10001) x),
    (SELECT max(died_at) FROM reminders.outbox WHERE died_at IS NOT NULL),
    (SELECT string_agg(name || xmin, ',' ORDER BY name) FROM reminders.channel),
    (SELECT string_agg(name || (seen_at > clock_timestamp() - interval '1 minute'), ',' ORDER BY name) FROM reminders.node))
