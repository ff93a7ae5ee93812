-- A try to sign in as $2, of which $1 is the hash: it counts as a failure until it has succeeded, so that guesses made at once are
-- counted one by one. After $3 of them within $4 it is locked for $4, whether there is such an account or not. Returns no row then.
WITH counted AS (
    INSERT INTO reminders.sign_in_failure AS f (login_hash) VALUES ($1)
    ON CONFLICT (login_hash) DO UPDATE
    SET failures = CASE WHEN f.failed_at < clock_timestamp() - $4::interval THEN 1 ELSE f.failures + 1 END,
        failed_at = clock_timestamp(),
        locked_until = CASE WHEN f.failed_at >= clock_timestamp() - $4::interval AND f.failures + 1 >= $3
                            THEN clock_timestamp() + $4::interval END
    WHERE f.locked_until IS NULL OR f.locked_until <= clock_timestamp()
    RETURNING failures)
SELECT a.id, a.password, a.stamp, c.failures
FROM counted c LEFT JOIN reminders.account a ON lower(a.login) = $2 AND a.disabled_at IS NULL
