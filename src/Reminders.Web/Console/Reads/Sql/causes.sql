-- Why the newest 10,001 of the dead died, the most frequent cause first: by the code, of those in $1 that are written as $2, whatever its
-- values, else by what was said; after how many tries makes no difference. With one of each cause, and whether all of it are the same.
--
-- Plan: outbox_dead, backwards. Few reasons are written very often, and patterns cost most of it: they are matched once for each.
SELECT coalesce(k.code, why) AS cause, sum(n)::bigint, min(why), min(why) = max(why)
FROM (SELECT left(regexp_replace(reason, '^last_attempt [0-9]+ [0-9]+: ', ''), 300) AS why, n
      FROM (SELECT reason, count(*) AS n
            FROM (SELECT reason FROM reminders.outbox WHERE died_at IS NOT NULL AND operation = 'send'
                  ORDER BY died_at DESC, id DESC LIMIT 10001) newest
            WHERE reason IS NOT NULL GROUP BY reason OFFSET 0) written) told
LEFT JOIN unnest($1::text[], $2::text[]) AS k (code, form) ON k.code = substring(why FROM '^[a-z_]+') AND why ~ k.form
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10
