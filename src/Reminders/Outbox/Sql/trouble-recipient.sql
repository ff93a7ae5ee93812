-- The recipient at $2 waits for $3, on every node.
INSERT INTO reminders.throttle AS t (channel, address, next_at, reason) VALUES ($1, $2, clock_timestamp() + $3::interval, $4)
ON CONFLICT (channel, address) DO UPDATE SET next_at = greatest(t.next_at, excluded.next_at), reason = excluded.reason
