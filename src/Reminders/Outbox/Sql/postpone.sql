-- The message $1 cannot be started, for the reason $3: a failed try, the last of $4, else with $5 doubled with each try
-- up to $6.
WITH postponed AS (
    UPDATE reminders.outbox
    SET state = CASE WHEN attempts + 1 >= $4 THEN 'dead' ELSE 'retry' END, reason = $3, attempts = attempts + 1, lease_until = NULL,
        due_at = clock_timestamp() + least($5::interval * power(2, least(attempts, 30)), $6::interval), send_started_at = NULL,
        settled_at = CASE WHEN attempts + 1 >= $4 THEN clock_timestamp() END
    WHERE id = $1 AND lease_token = $2 AND state = 'sending'
    RETURNING *),
tried AS (
    /* include Outbox/Sql/write-attempt.sql */
    FROM (SELECT *, NULL::timestamptz AS started_at, 'not begun' AS outcome, $3::text AS detail FROM postponed) t
    ON CONFLICT DO NOTHING),
unreported AS (
    SELECT o.subject_id, o.has_buttons, 'reminder_skipped' AS event, 'message ' || m.id || ': could not be started' AS cause
    FROM postponed m JOIN reminders.occurrence o ON o.id = m.occurrence_id
    WHERE m.state = 'dead' AND m.operation = 'send'),
reported AS (
    /* include Ledger/Sql/tell-recruiter.sql */
    RETURNING 1)
SELECT EXISTS (SELECT FROM reported)
