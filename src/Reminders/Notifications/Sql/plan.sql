-- One notification for many: the ledger's rows and, in the same statement, its instant. Whoever inserts that one asks
-- Quartz for its trigger.
WITH planned AS (
    INSERT INTO reminders.occurrence
        (kind, subject_id, version, recipient_id, state, wanted_in, told, fenced, due_at, useful_until, data, planned_by, data_id)
    SELECT $1, $2, version, recipient_id, 'planned', $5, 'v' || version, false, $6, $7, $8::jsonb, $9, $10
    FROM unnest($3::bigint[], $4::bigint[]) AS t (recipient_id, version)
    ORDER BY recipient_id
    ON CONFLICT ON CONSTRAINT occurrence_identity DO NOTHING
    RETURNING id, recipient_id),
first AS (
    INSERT INTO reminders.instant (kind, due_second) SELECT $1, $6 FROM planned WHERE $6 > now() LIMIT 1
    ON CONFLICT DO NOTHING
    RETURNING 1)
SELECT id, recipient_id, (SELECT count(*) FROM first) FROM planned
