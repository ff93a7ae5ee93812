-- Frees messages whose lease ran out: those that up to $2 rows of lease_end name, or of $3 alone. What had not started is pending
-- again; a started edit is repeated, since that shows the same; a started send is a doubt, and stays one, unless its kind/channel
-- $1 sends again.
--
-- Plan: lease_end says where to look, oldest first, and most of what it names was settled long ago; everything goes by primary key
-- from there.
WITH ended AS MATERIALIZED (
    SELECT id, messages
    FROM /* if among */ (SELECT NULL::bigint AS id, now() AS at, $3::bigint[] AS messages) named /* else */ reminders.lease_end /* end */
    WHERE at <= now()
      -- After a fail-over some node may remember how it went.
      AND NOT EXISTS (SELECT FROM reminders.cluster WHERE recovering)
    ORDER BY at, id LIMIT $2 /* if among */ /* else */ FOR UPDATE SKIP LOCKED /* end */),
lost AS MATERIALIZED (
    SELECT m.id, m.lease_token, m.claimed_at, m.send_started_at, m.leased_by, o.subject_id, o.has_buttons,
           CASE WHEN m.send_started_at IS NULL THEN 'pending'
                WHEN m.operation = 'edit' THEN 'retry'
                WHEN m.provider_message_id IS NOT NULL OR m.proven THEN 'sent' -- an answer has proved it
                WHEN m.kind || '/' || m.channel = ANY ($1) THEN 'dead'
                ELSE 'uncertain' END AS next
    FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
    WHERE m.state = 'sending' AND m.lease_until <= now()
      AND m.id = ANY (ARRAY(SELECT unnest(messages) FROM ended)) AND m.id /* if among */ = ANY /* else */ <> ALL /* end */ ($3)
    ORDER BY m.lease_until, m.id FOR UPDATE OF m SKIP LOCKED),
-- Leased for longer meanwhile, written to by somebody just now, or left alone: to be looked at again.
looked_through AS MATERIALIZED (
    SELECT e.id, max(m.lease_until) FILTER (WHERE m.id NOT IN (SELECT id FROM lost)) AS until
    FROM ended e JOIN reminders.outbox m ON m.id = ANY (e.messages)
    GROUP BY e.id),
finished AS (
    DELETE FROM reminders.lease_end
    WHERE id IN (SELECT id FROM ended) AND id NOT IN (SELECT id FROM looked_through WHERE until IS NOT NULL)),
put_off AS (
    UPDATE reminders.lease_end e SET at = greatest(u.until, now() + interval '1 second') FROM looked_through u
    WHERE e.id = u.id AND u.until IS NOT NULL),
freed AS (
    UPDATE reminders.outbox m
    SET state = l.next, lease_until = NULL, lease_token = m.lease_token + 1,
        -- What never began keeps its place: it has waited longer than what came while its node was lost.
        due_at = CASE WHEN l.next = 'retry' THEN clock_timestamp() ELSE m.due_at END,
        attempts = m.attempts + CASE WHEN l.send_started_at IS NULL THEN 0 ELSE 1 END,
        send_started_at = CASE WHEN l.next IN ('pending', 'retry') THEN NULL ELSE m.send_started_at END,
        settled_at = CASE WHEN l.next IN ('dead', 'uncertain', 'sent') THEN clock_timestamp() END,
        reason = CASE WHEN l.next = 'pending' THEN m.reason
                      ELSE 'node_lost: ' || l.leased_by END
    FROM lost l WHERE m.id = l.id
    RETURNING m.*, l.next),
tried AS (
    /* include Outbox/Sql/write-attempt.sql */
    FROM (SELECT *, send_started_at AS started_at,
                 CASE WHEN send_started_at IS NULL THEN 'not begun' ELSE 'lease lost' END AS outcome,
                 CASE WHEN send_started_at IS NOT NULL THEN 'no_outcome' END AS detail
          FROM lost) t
    ON CONFLICT DO NOTHING),
resent AS (
    /* include Outbox/Sql/next-number.sql */
    FROM (SELECT *, interval '0' AS wait FROM freed WHERE next = 'dead') m
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING),
edited AS (
    -- Proved by a press, and the press changed what it should show.
    /* include Outbox/Sql/edit-of.sql */
    FROM freed m
    JOIN reminders.occurrence o ON o.id = m.occurrence_id
    JOIN reminders.subject s ON s.id = o.subject_id
    WHERE m.stale AND m.next = 'sent' AND m.operation = 'send' AND m.provider_message_id IS NOT NULL
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING),
unreported AS (
    SELECT subject_id, has_buttons, 'reminder_held' AS event, 'message ' || id || ': node_lost: ' || leased_by AS cause
    FROM lost WHERE next = 'uncertain'),
reported AS (
    /* include Ledger/Sql/tell-recruiter.sql */
    RETURNING 1),
woken AS (
    SELECT pg_notify('reminders_outbox', '') FROM (SELECT FROM lost WHERE next <> 'uncertain' LIMIT 1) t)
SELECT (SELECT count(*) FROM ended), (SELECT count(*) FROM reported), (SELECT count(*) FROM woken)
