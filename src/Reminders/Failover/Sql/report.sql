-- The node $2 has put back what it remembers of before the epoch $1. $3 ran beside it then. Should it have forgotten what began by $4,
-- and that was not surely here, its word is not all of it.
UPDATE reminders.failover
SET nodes = ARRAY(SELECT unnest(nodes) UNION SELECT unnest($3::text[]) UNION SELECT $2),
    reported = CASE WHEN coalesce($4::timestamptz < known_until - interval '30 seconds', $4 IS NULL)
                    THEN ARRAY(SELECT unnest(reported) UNION SELECT $2) ELSE reported END,
    partial = CASE WHEN coalesce($4::timestamptz < known_until - interval '30 seconds', $4 IS NULL)
                   THEN partial ELSE ARRAY(SELECT unnest(partial) UNION SELECT $2) END
WHERE epoch = $1
