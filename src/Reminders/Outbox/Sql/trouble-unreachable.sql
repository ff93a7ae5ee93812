-- The recipient of the message $1 cannot be reached at $3. A group that became a supergroup is the same recipient at a
-- new address $4; the guard on the old one keeps a late answer from undoing a /start that came meanwhile.
UPDATE reminders.address a
SET state = CASE WHEN $4::text IS NULL THEN 'unreachable' ELSE 'reachable' END,
    address = coalesce($4, a.address), reason = $5, changed_at = clock_timestamp()
FROM reminders.outbox m
WHERE m.id = $1 AND a.recipient_id = m.recipient_id AND a.channel = $2 AND a.address = $3 AND a.changed_at < $6 AND a.state <> 'opted_out'
