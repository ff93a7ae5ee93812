-- For the recruiter of the message $1, as when the dispatcher gives a reminder up: the candidate was not reminded.
WITH unreported AS (
    SELECT o.subject_id, o.has_buttons, 'reminder_skipped' AS event, 'message ' || m.id || ' was settled as not delivered' AS cause
    FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id WHERE m.id = $1),
reported AS (
    /* include Ledger/Sql/tell-recruiter.sql */)
SELECT pg_notify('reminders_due', '')
