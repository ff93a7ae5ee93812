-- What became of messages in the last $1, by kind, channel, outcome and how late: of a day or less to the minute, beyond to the hour.
--
-- Plan: the tally by its key's first two columns.
SELECT kind, channel, outcome, bucket, sum(count)::bigint FROM (
    SELECT * FROM reminders.tally
    WHERE size = 'minute' AND at > now() - $1::interval
      AND ($1::interval <= interval '1 hour' OR at < date_bin('1 hour', now() - $1::interval + interval '1 hour', timestamptz 'epoch'))
    UNION ALL
    SELECT * FROM reminders.tally
    WHERE size = 'hour' AND $1::interval > interval '1 hour'
      AND at >= date_bin('1 hour', now() - $1::interval + interval '1 hour', timestamptz 'epoch')) t
GROUP BY kind, channel, outcome, bucket HAVING sum(count) > 0
