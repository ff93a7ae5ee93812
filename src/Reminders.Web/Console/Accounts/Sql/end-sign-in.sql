-- The try of which $1 is the login's hash succeeded, as account $2.
WITH forgiven AS (DELETE FROM reminders.sign_in_failure WHERE login_hash = $1),
seen AS (UPDATE reminders.account SET seen_at = now() WHERE id = $2 RETURNING login)
INSERT INTO reminders.audit (actor, action, about)
SELECT 'console:' || login, 'account.sign_in', 'account ' || login FROM seen
