-- Gives everybody who had the number $1 on the channel $3 the number $2, at which nobody failed to reach them yet. The
-- alias goes: it is learnt anew from a message that tells both. An address that is the new number already is left alone, so that the
-- same news, told again, changes nothing.
UPDATE reminders.address a
SET address = $2, alias = NULL, changed_at = clock_timestamp(),
    state = CASE a.state WHEN 'unreachable' THEN 'reachable' ELSE a.state END,
    reason = CASE a.state WHEN 'unreachable' THEN NULL ELSE a.reason END
FROM reminders.recipient r
WHERE r.id = a.recipient_id AND a.channel = $3
  AND a.key = reminders.address_key($3, $1)
  AND a.key <> reminders.address_key($3, $2)
RETURNING r.id, r.reference
