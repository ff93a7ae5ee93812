-- Makes the key named $1, of which $2 is the hash, and writes the audit's line for $7, also where the name is taken. $3 is the
-- role that a build from before scopes reads, $4 the owner, $5 the scopes, $6 how long it is good for: null is for ever,
-- $8 the recruiter whose it is.
-- Returns nothing when the name is, or was, somebody's: the constraint says so, and not a look before.
WITH made AS (
    INSERT INTO reminders.api_key (name, hash, role, owner, scopes, expires_at, recruiter_id)
    SELECT $1, $2, $3::text, $4, $5, now() + $6::interval, $8::bigint
    ON CONFLICT ON CONSTRAINT api_key_name DO NOTHING
    RETURNING name, owner, scopes, expires_at, recruiter_id),
audited AS (
    INSERT INTO reminders.audit (actor, action, about, after, reason, refused)
    SELECT $7, 'key.create', 'key ' || $1,
           (SELECT jsonb_build_object('owner', owner, 'scopes', scopes, 'expiresAt', expires_at, 'recruiter', recruiter_id) FROM made),
           CASE WHEN NOT EXISTS (SELECT FROM made) THEN 'key_exists: ' || $1 END, NOT EXISTS (SELECT FROM made)
    RETURNING 1)
SELECT expires_at, (SELECT count(*) FROM audited) FROM made
