-- A code, of which $1 is the hash, for an account with the role $2 (and for a recruiter the person $3), or for another password of the
-- account $4; good for $5, made by $6. $7: for the first administrator, while there is none.
WITH swept AS (DELETE FROM reminders.invitation WHERE expires_at < now()),
made AS (
    INSERT INTO reminders.invitation (hash, role, recipient_id, account_id, is_first, created_by, expires_at)
    SELECT $1, $2::text, $3::bigint, $4::bigint, $7, $6, clock_timestamp() + $5::interval
    WHERE NOT $7 OR NOT EXISTS (SELECT FROM reminders.account)
    RETURNING expires_at),
audited AS (
    INSERT INTO reminders.audit (actor, action, about, after)
    SELECT $6, CASE WHEN $4::bigint IS NULL THEN 'account.invite' ELSE 'account.reset' END,
           coalesce('account ' || (SELECT login FROM reminders.account WHERE id = $4::bigint), 'role ' || $2::text),
           jsonb_build_object('expiresAt', expires_at) FROM made)
SELECT expires_at FROM made
