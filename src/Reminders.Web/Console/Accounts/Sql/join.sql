-- Takes the code of which $1 is the hash, once, and makes the account $2 with the password $3; where the code is for another password
-- of an account, gives it that, and ends its sessions. Returns no row where the code is not good (any more), the login is taken, or
-- there is a first administrator already.
WITH code AS (
    DELETE FROM reminders.invitation WHERE hash = $1 AND expires_at > clock_timestamp()
    RETURNING role, recipient_id, account_id, is_first, created_by),
made AS (
    INSERT INTO reminders.account (login, password, role, recipient_id, is_first, created_by, seen_at)
    SELECT $2, $3, role, recipient_id, is_first, created_by, now() FROM code WHERE role IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING id, login, stamp, role),
changed AS (
    UPDATE reminders.account a SET password = $3, stamp = gen_random_uuid(), seen_at = now()
    FROM code WHERE a.id = code.account_id AND lower(a.login) = lower($2) AND a.disabled_at IS NULL
    RETURNING a.id, a.login, a.stamp, a.role),
done AS (SELECT *, 'account.create' AS action FROM made UNION ALL SELECT *, 'account.password' FROM changed),
audited AS (
    INSERT INTO reminders.audit (actor, action, about, after)
    SELECT 'console:' || login, action, 'account ' || login, jsonb_build_object('role', role) FROM done)
SELECT id, login, stamp FROM done
