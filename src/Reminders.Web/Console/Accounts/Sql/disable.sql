-- Disables the account $1 ($2: enables it again) in the name of $3, and ends its sessions.
WITH changed AS (
    UPDATE reminders.account SET disabled_at = CASE WHEN $2 THEN NULL ELSE now() END, stamp = gen_random_uuid()
    WHERE lower(login) = lower($1) AND (disabled_at IS NULL) <> $2
    RETURNING login),
audited AS (
    INSERT INTO reminders.audit (actor, action, about)
    SELECT $3, CASE WHEN $2 THEN 'account.enable' ELSE 'account.disable' END, 'account ' || login FROM changed)
SELECT count(*) FROM changed
