-- What stands in the outbox and the ledger, each counted to 10,001 at most, and how long the oldest message has waited.
--
-- Plan: states as literals, so that the partial indexes serve; of each kind and channel the first that is due.
SELECT (SELECT count(*) FROM (SELECT FROM reminders.outbox WHERE queue = 'held' LIMIT 10001) x),
       (SELECT count(*) FROM (SELECT FROM reminders.outbox WHERE died_at IS NOT NULL LIMIT 10001) x),
       (SELECT count(*) FROM (SELECT FROM reminders.outbox WHERE died_at > now() - interval '24 hours' LIMIT 10001) x),
       (SELECT count(*) FROM (SELECT FROM reminders.outbox WHERE queue = 'due' LIMIT 10001) x),
       (SELECT count(*) FROM (SELECT FROM reminders.under_way LIMIT 10001) x),
       (SELECT min(first.due_at) FROM unnest($1::text[]) k (kind) CROSS JOIN unnest($2::text[]) c (channel)
        CROSS JOIN LATERAL (
            SELECT due_at FROM reminders.outbox WHERE queue = 'due' AND channel = c.channel AND kind = k.kind
            ORDER BY due_at LIMIT 1) first WHERE first.due_at <= now()),
       (SELECT sum(n)::bigint FROM unnest($1::text[]) k (kind) CROSS JOIN LATERAL (
            SELECT count(*) AS n FROM (
                SELECT FROM reminders.occurrence o
                WHERE o.state = 'planned' AND o.kind = k.kind AND o.due_at <= now() + interval '1 hour' LIMIT 10001) x) y),
       (SELECT min(useful_until) FROM reminders.outbox WHERE queue = 'held')
