-- Who ran before the epoch $1 and has not said all of what they sent, if they have been waited for long enough, and when the step back
-- was found.
SELECT ARRAY(SELECT unnest(nodes) EXCEPT SELECT unnest(reported)), found_at
FROM reminders.failover
WHERE epoch = $1 AND finished_at IS NULL AND wait_until <= clock_timestamp() AND NOT nodes <@ reported
