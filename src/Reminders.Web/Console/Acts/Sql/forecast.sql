-- How much of the kinds $1 that go over one of the channels $2 first falls due until $4, or waits in the outbox of the kinds $3 over the
-- channels $2; and how many of both are past their use by then. Counted to 10,001 of each kind and channel.
--
-- Plan: occurrence_due by (kind, due_at), and outbox_due by (channel, kind, due_at).
SELECT count(*), count(*) FILTER (WHERE useful_until <= $4) FROM (
    SELECT o.useful_until FROM unnest($1::text[]) AS k (kind) CROSS JOIN LATERAL (
        SELECT useful_until FROM reminders.occurrence
        WHERE kind = k.kind AND state = 'planned' AND due_at <= $4 ORDER BY due_at, id LIMIT 10001) o
    UNION ALL
    SELECT m.useful_until FROM unnest($2::text[]) AS c (name) CROSS JOIN unnest($3::text[]) AS k (kind) CROSS JOIN LATERAL (
        SELECT useful_until FROM reminders.outbox
        WHERE channel = c.name AND kind = k.kind AND queue = 'due' AND due_at <= $4 ORDER BY due_at, id LIMIT 10001) m) all_of_it
