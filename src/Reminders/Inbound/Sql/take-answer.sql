-- The answer $2 about the subject $1, which is locked: it stands from now on, and what it does to the question is $3. It is guarded
-- by how the question stands: of whatever came at once, one is taken, and another only where that may still change.
-- Where the subject is an app's, its handlers hear of it by a line, on whichever node has them: how it came ($4), the kind and the
-- recipient and the message that it came from ($5, $6, $7; null for one by hand).
WITH taken AS (
    UPDATE reminders.subject s
    SET status = CASE $3 WHEN 'open' THEN s.status ELSE reminders.made_by($2) END,
        answer = $2, answer_then = $3, answer_version = s.version, revision = s.revision + 1, changed_at = now()
    WHERE s.id = $1 AND reminders.standing_answer(s) IS DISTINCT FROM $2
      AND (reminders.question(s) = 'open' OR reminders.question(s) = 'changeable' AND $3 <> 'open')
    RETURNING s.id, s.version, s.status, s.applied_status, s.revision, gen_random_uuid() AS event_id),
-- And an app in another process, or its own handlers of events, if they asked; the revision makes each answer another event.
event AS (
    SELECT t.event_id, 'message.answered' AS type, t.id AS subject_id, coalesce($7::bigint, 0) AS message_id, t.revision AS turn, t.version,
           $5::text AS kind, $6::bigint AS recipient_id, (SELECT channel FROM reminders.outbox WHERE id = $7::bigint) AS channel,
           $2 AS answer, t.status, $4::text AS way
    FROM taken t),
told AS (
    INSERT INTO reminders.webhook_event
        (event_id, type, subject_id, message_id, turn, version, kind, recipient_id, channel, answer, status, way)
    SELECT * FROM event WHERE reminders.is_wanted(type)
    ON CONFLICT ON CONSTRAINT webhook_event_identity DO NOTHING),
heard AS (
    INSERT INTO reminders.app_event
        (event_id, type, subject_id, message_id, turn, version, kind, recipient_id, channel, answer, status, way)
    SELECT * FROM event WHERE reminders.is_heard(type)
    ON CONFLICT ON CONSTRAINT app_event_identity DO NOTHING)
INSERT INTO reminders.answer_event (subject_id, version, status, way, answer, kind, recipient_id, message_id)
SELECT id, version, status, $4, $2, $5, $6::bigint, $7::bigint FROM taken WHERE applied_status IS NOT NULL
