-- What another system told, as fired and sent: one row for each identity, imported by $12. The identity's index decides what is new. What
-- is planned here and has not fired becomes what was told, by the same statement, so that no firing comes between.
--
-- The message is what "was it announced?" asks for: without it, moving a booking there and back, or closing a cart, would tell it again.
-- It was on no node and has no provider's id, so nothing edits it and no press is for it.
WITH told AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::boolean[], $7::boolean[], $8::text[],
                         $9::timestamptz[], $10::timestamptz[], $11::text[])
        AS t (kind, subject_id, version, recipient_id, told, fenced, has_buttons, wanted_in, sent_at, useful_until, channel)),
written AS (
    INSERT INTO reminders.occurrence AS o
        (kind, subject_id, version, recipient_id, state, reason, wanted_in, told, fenced, has_buttons, due_at, useful_until, planned_by,
         fired_at, fired_by)
    SELECT kind, subject_id, version, recipient_id, 'fired', 'imported', string_to_array(wanted_in, ','), told, fenced, has_buttons,
           sent_at, useful_until, $12, sent_at, $12
    FROM told ORDER BY subject_id, kind, version, recipient_id
    ON CONFLICT ON CONSTRAINT occurrence_identity DO UPDATE
    SET state = 'fired', reason = 'imported', fired_at = excluded.fired_at, fired_by = excluded.fired_by,
        fired_via = NULL
    WHERE o.state IN ('planned', 'waiting')
    RETURNING o.id, o.kind, o.subject_id, o.version, o.recipient_id, o.xmax = 0 AS fresh),
sent AS (
    INSERT INTO reminders.outbox
        (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, created_at, send_started_at, settled_at)
    SELECT w.id, kind, recipient_id, t.channel, 'send', 'sent', t.sent_at, t.useful_until, t.sent_at, t.sent_at, t.sent_at
    FROM written w JOIN told t USING (kind, subject_id, version, recipient_id)
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING)
SELECT count(*) FILTER (WHERE fresh)::int, count(*) FILTER (WHERE NOT fresh)::int FROM written
