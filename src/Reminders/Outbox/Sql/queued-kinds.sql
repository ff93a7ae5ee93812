-- The kinds that a message waits of, channel by channel: one step in the index for each, however many wait.
queued AS (
    (SELECT m.channel, m.kind FROM reminders.outbox m WHERE m.queue = 'due' ORDER BY m.channel, m.kind LIMIT 1)
    UNION ALL
    SELECT n.channel, n.kind FROM queued q CROSS JOIN LATERAL (
        SELECT m.channel, m.kind FROM reminders.outbox m
        WHERE m.queue = 'due' AND (m.channel, m.kind) > (q.channel, q.kind)
        ORDER BY m.channel, m.kind LIMIT 1) n)
