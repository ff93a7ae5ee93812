-- Ends every token of the person $1, and writes the audit's line for $2 about $3. $1 is null when the caller has no such person.
WITH ended AS (DELETE FROM reminders.access_token WHERE recipient_id = $1::bigint AND expires_at > now() RETURNING 1),
audited AS (
    INSERT INTO reminders.audit (actor, action, about, before, reason, refused)
    SELECT $2, 'token.revoke', $3, jsonb_build_object('tokens', (SELECT count(*) FROM ended)),
           CASE WHEN $1::bigint IS NULL THEN 'no_such_person' END, $1::bigint IS NULL
    RETURNING 1)
SELECT count(*)::int, (SELECT count(*) FROM audited) FROM ended
