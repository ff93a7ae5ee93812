-- The last step back, and whether another one would be noticed.
SELECT c.timeline IS NOT NULL, f.found_at, coalesce(f.cause, ''), NOT c.recovering,
       ARRAY(SELECT unnest(f.nodes) EXCEPT SELECT unnest(f.reported) ORDER BY 1), coalesce(f.put_back, 0), coalesce(f.unplaced, 0),
       coalesce(f.held_occurrences, 0), coalesce(f.held_messages, 0)
FROM reminders.cluster c LEFT JOIN reminders.failover f ON f.epoch = c.epoch
