-- The ledger's rows and, in the same statement, a row per instant: whoever inserts that one is first, and asks Quartz
-- for its trigger. wanted_in travels as one comma-separated text per row, because unnest flattens arrays.
--
-- What is planned too late, its recruiter hears of: nearly never, and a statement that could do it is longer in beginning.
--
-- Plan: nothing is looked for. ON CONFLICT asks the identity's index once for each row, in one order, so that two
-- planners cannot wait for each other.
WITH planned AS (
    INSERT INTO reminders.occurrence
        (kind, subject_id, version, recipient_id, state, reason, wanted_in, told, has_buttons,
         due_at, useful_until, planned_by)
    SELECT kind, subject_id, version, recipient_id,
           CASE WHEN reason IS NULL THEN 'planned' ELSE 'skipped' END, reason,
           string_to_array(wanted_in, ','), told, has_buttons, due_at, useful_until, $11
    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::timestamptz[],
                $10::timestamptz[])
        AS t (kind, subject_id, version, recipient_id, reason, wanted_in, told, has_buttons, due_at, useful_until)
    ORDER BY subject_id, kind, version, recipient_id
    ON CONFLICT ON CONSTRAINT occurrence_identity DO NOTHING
    RETURNING id, kind, subject_id, version, recipient_id, due_at, state, told, has_buttons),
/* if late */
unreported AS (
    SELECT d.subject_id, d.has_buttons, 'reminder_skipped' AS event, 'occurrence ' || d.id || ' was planned too late' AS cause
    FROM planned d
    /* include Ledger/Sql/last-told.sql */
    WHERE d.state = 'skipped' AND last_told.told IS DISTINCT FROM d.told),
reported AS (
    /* include Ledger/Sql/tell-recruiter.sql */),
/* end */
first AS (
    INSERT INTO reminders.instant (kind, due_second)
    SELECT DISTINCT kind, due_at FROM planned WHERE state = 'planned' AND due_at > now()
    ORDER BY kind, due_at
    ON CONFLICT DO NOTHING
    RETURNING kind, due_second)
SELECT p.kind, p.due_at, f.kind IS NOT NULL, p.subject_id, p.version, p.recipient_id
FROM planned p LEFT JOIN first f ON f.kind = p.kind AND f.due_second = p.due_at
