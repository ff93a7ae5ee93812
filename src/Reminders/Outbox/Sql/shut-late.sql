-- What nobody needs any more of the oldest of each kind $2 in a channel that is shut, and of a kind that is paused in each channel $3.
SELECT DISTINCT ON (id) id, why FROM (
SELECT oldest.id, 'past_use_shut ' || c.name AS why
FROM reminders.channel c CROSS JOIN unnest($2::text[]) AS k (kind) CROSS JOIN LATERAL (
    SELECT id, useful_until FROM reminders.outbox
    WHERE channel = c.name AND kind = k.kind AND queue = 'due' AND due_at <= now()
    ORDER BY due_at, id LIMIT 500) oldest
WHERE /* include Outbox/Sql/channel-shut.sql */ AND oldest.useful_until <= now()
UNION ALL
SELECT oldest.id, 'past_use_paused ' || k.kind
FROM reminders.paused_kind k CROSS JOIN unnest($3::text[]) AS c (name) CROSS JOIN LATERAL (
    SELECT id, useful_until FROM reminders.outbox
    WHERE channel = c.name AND kind = k.kind AND queue = 'due' AND due_at <= now()
    ORDER BY due_at, id LIMIT 500) oldest
WHERE oldest.useful_until <= now()) both_ways
