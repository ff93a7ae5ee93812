-- Writes down the decision $8 over the messages that match ($1 to $7, see bulk-matching.sql), for the reason $9, asked by $10, who
-- chose $11.
--
-- Plan: outbox_held or outbox_dead, whole: they hold what waits for a person.
WITH matching AS MATERIALIZED (/* include Outbox/Operators/Sql/bulk-matching.sql */),
begun AS (
    INSERT INTO reminders.bulk_action (act, selection, reason, asked_by, total)
    SELECT $8, $11::jsonb, $9, $10, count(*) FROM matching HAVING count(*) > 0
    RETURNING id),
written AS (
    INSERT INTO reminders.bulk_message (bulk_id, subject_id, message_id)
    SELECT b.id, o.subject_id, m.id FROM begun b CROSS JOIN matching m JOIN reminders.occurrence o ON o.id = m.occurrence_id)
SELECT id FROM begun
