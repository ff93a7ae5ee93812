-- Ends the key named $1, and writes the audit's line for $2, also where no such key is in force. The line's name is cut, as
-- anything may be asked for, and a key's has at most 100 characters.
WITH ended AS (
    UPDATE reminders.api_key SET revoked_at = now() WHERE name = $1 AND revoked_at IS NULL RETURNING owner),
audited AS (
    INSERT INTO reminders.audit (actor, action, about, before, reason, refused)
    SELECT $2, 'key.revoke', 'key ' || left($1, 390), (SELECT jsonb_build_object('owner', owner) FROM ended),
           CASE WHEN NOT EXISTS (SELECT FROM ended) THEN 'key_not_in_force' END, NOT EXISTS (SELECT FROM ended)
    RETURNING 1)
SELECT count(*), (SELECT count(*) FROM audited) FROM ended
