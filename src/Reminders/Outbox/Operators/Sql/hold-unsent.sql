-- After the database was restored: makes up to $4 messages that waited to be sent a doubt, of the kinds $1 on the channels $2, due by
-- $3. What is lost may have sent them, unless they were planned only after $8. $5 is the reason, $6 who says
-- so, $7 why, and $9 what the story calls it.
--
-- Plan: outbox_due holds only what waits, by (channel, kind, due_at, id); what was claimed is found by where its lease ends, as the
-- reaper finds it. All else goes by primary key.
WITH late AS MATERIALIZED (
    SELECT m.id
    FROM unnest($2::text[]) AS c (channel) CROSS JOIN unnest($1::text[]) AS k (kind) CROSS JOIN LATERAL (
        SELECT id FROM reminders.outbox m
        WHERE m.channel = c.channel AND m.kind = k.kind AND m.queue = 'due' AND m.due_at <= $3::timestamptz AND m.operation = 'send'
          AND (SELECT o.planned_at FROM reminders.occurrence o WHERE o.id = m.occurrence_id) <= $8::timestamptz
        ORDER BY m.due_at, m.id LIMIT $4 FOR UPDATE SKIP LOCKED) m
    LIMIT $4),
claimed AS MATERIALIZED (
    SELECT m.id FROM reminders.outbox m
    WHERE m.id = ANY (ARRAY(SELECT unnest(messages) FROM reminders.lease_end WHERE at <= now()))
      AND m.state = 'sending' AND m.lease_until <= now() AND m.send_started_at IS NULL AND m.operation = 'send'
    LIMIT $4 FOR UPDATE SKIP LOCKED),
doubted AS (
    UPDATE reminders.outbox m
    SET state = 'uncertain', reason = $5, lease_until = NULL, settled_at = clock_timestamp()
    WHERE m.id = ANY (ARRAY(SELECT id FROM late UNION ALL SELECT id FROM claimed)) AND m.state IN ('pending', 'retry', 'sending')
    RETURNING m.id),
recorded AS (
    INSERT INTO reminders.operator_action (message_id, action, reason, acted_by) SELECT id, $9, $7, $6 FROM doubted)
SELECT count(*) FROM doubted
