-- Messages to $2 over the channel $1 arrived later than their instants, from which their recipients' next ones are counted: those
-- wait $3 from now on instead. In one order, so that two nodes cannot wait for each other.
UPDATE reminders.throttle t SET next_at = greatest(t.next_at, clock_timestamp() + $3)
FROM (SELECT address FROM reminders.throttle WHERE channel = $1 AND address = ANY ($2) ORDER BY address FOR UPDATE) late
WHERE t.channel = $1 AND t.address = late.address
