-- Makes a token, of which $1 is the hash, for the person $4, good for $3, and writes the audit's line for $2. $4 is null when the
-- caller has no such person: then nothing is made, and the line says what they were called ($5).
WITH made AS (
    INSERT INTO reminders.access_token (hash, recipient_id, issued_by, expires_at)
    -- Locked, so that nobody is erased between being found and being let in.
    SELECT $1, r.id, $2, now() + $3 FROM (
        SELECT id FROM reminders.recipient WHERE id = $4::bigint AND erased_at IS NULL FOR SHARE) r
    RETURNING recipient_id, expires_at),
audited AS (
    INSERT INTO reminders.audit (actor, action, about, after, reason, refused)
    SELECT $2, 'token.issue', coalesce('recipient #' || (SELECT recipient_id FROM made), $5),
           (SELECT jsonb_build_object('expiresAt', expires_at) FROM made),
           CASE WHEN NOT EXISTS (SELECT FROM made) THEN 'no_such_person' END, NOT EXISTS (SELECT FROM made)
    RETURNING 1)
SELECT expires_at, (SELECT count(*) FROM audited) FROM made
