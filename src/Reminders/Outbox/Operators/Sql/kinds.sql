-- How the kinds $1 stand, in their order, and how many messages of each wait over the channels $2, counted to 10,001.
--
-- Plan: outbox_due by (channel, kind).
SELECT p.since, p.until, p.paused_by, p.reason,
       (SELECT count(*) FROM (
            SELECT FROM unnest($2::text[]) AS c (name) CROSS JOIN LATERAL (
                SELECT FROM reminders.outbox m WHERE m.channel = c.name AND m.kind = k.kind AND m.queue = 'due' LIMIT 10001) m
            LIMIT 10001) waiting)
FROM unnest($1::text[]) WITH ORDINALITY AS k (kind, rank) LEFT JOIN reminders.paused_kind p ON p.kind = k.kind
ORDER BY k.rank
