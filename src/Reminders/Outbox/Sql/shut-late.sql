-- What nobody needs any more of the oldest of each kind $2 in a channel that is shut.
SELECT oldest.id, c.name
FROM reminders.channel c CROSS JOIN unnest($2::text[]) AS k (kind) CROSS JOIN LATERAL (
    SELECT id, useful_until FROM reminders.outbox
    WHERE channel = c.name AND kind = k.kind AND queue = 'due' AND due_at <= now()
    ORDER BY due_at, id LIMIT 500) oldest
WHERE /* include Outbox/Sql/channel-shut.sql */ AND oldest.useful_until <= now()
