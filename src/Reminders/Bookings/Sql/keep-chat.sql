-- The chat $2 of the person $1 on the channel $4, with a line in the audit in the name of $3. One that the person bound with /start stays.
WITH former AS (SELECT address FROM reminders.address WHERE recipient_id = $1 AND channel = $4::text),
kept AS (
    INSERT INTO reminders.address AS a (recipient_id, channel, address)
    SELECT $1, $4::text, $2
    WHERE NOT EXISTS (
        SELECT FROM reminders.address
        WHERE recipient_id = $1 AND channel = $4::text AND (state <> 'unreachable' OR address = $2))
    ON CONFLICT (recipient_id, channel) DO UPDATE
    SET address = excluded.address, state = 'reachable', reason = NULL, changed_at = now()
    WHERE a.state = 'unreachable' AND a.address <> excluded.address
    RETURNING address)
INSERT INTO reminders.audit (actor, action, about, before, after)
SELECT $3, 'address.change', 'recipient #' || $1, (SELECT jsonb_build_object($4::text, reminders.masked(address)) FROM former),
       jsonb_build_object($4::text, reminders.masked(address))
FROM kept
