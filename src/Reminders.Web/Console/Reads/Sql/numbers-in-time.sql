-- The same of the last $1, by stretches of $2 that end with the current one, without kind and channel; each stretch is there.
--
-- Plan: the tally by its key's first two columns.
SELECT g.at, coalesce(sum(t.count) FILTER (WHERE t.outcome = 'sent'), 0)::bigint,
       coalesce(sum(t.count) FILTER (WHERE t.outcome = 'dead'), 0)::bigint,
       coalesce(sum(t.count) FILTER (WHERE t.outcome = 'uncertain'), 0)::bigint
FROM (SELECT date_bin(least($2::interval, interval '1 hour'), now(), timestamptz 'epoch')
             + least($2::interval, interval '1 hour') - n * $2::interval AS at
      FROM generate_series(1, (extract(epoch FROM $1::interval) / extract(epoch FROM $2::interval))::integer) n) g
LEFT JOIN reminders.tally t
    ON t.size = CASE WHEN $2::interval < interval '1 hour' THEN 'minute' ELSE 'hour' END AND t.at >= g.at AND t.at < g.at + $2::interval
GROUP BY g.at ORDER BY g.at
