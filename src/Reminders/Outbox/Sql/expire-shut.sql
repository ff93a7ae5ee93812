-- Nobody claims from a channel that is shut, or of a kind that is paused, so nobody would say that these will not be told any more.
WITH gone AS (
    UPDATE reminders.outbox m
    SET state = 'dead', settled_at = clock_timestamp(), reason = late.why
    FROM (/* include Outbox/Sql/shut-late.sql */) late
    WHERE m.id = late.id AND m.state IN ('pending', 'retry') AND m.id /* if among */ = ANY /* else */ <> ALL /* end */ ($1)
    RETURNING m.id, m.occurrence_id, m.operation),
unreported AS (
    SELECT o.subject_id, o.has_buttons, 'reminder_skipped' AS event, 'message ' || g.id || ': past_use' AS cause
    FROM gone g JOIN reminders.occurrence o ON o.id = g.occurrence_id WHERE g.operation = 'send')
/* include Ledger/Sql/tell-recruiter.sql */
