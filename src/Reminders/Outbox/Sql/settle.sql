-- Writes the outcomes of a window of attempts: a compare-and-set on (id, sending, lease token), so that a node which
-- lost its lease changes nothing. $1 to $10 are the outcomes, $11 and $12 the kinds with several channels and their
-- order, $13 the tokens in the rows: after a fail-over that lost commits an id may be another message's.
--
-- Plan: result finds its rows by primary key.
WITH result AS MATERIALIZED (
    -- An answer that came before the timeout has proved delivery: then there is no doubt left.
    SELECT r.id, r.token, CASE WHEN p.proven THEN 'sent' ELSE r.state END AS state,
           CASE WHEN p.proven THEN 'sent' ELSE r.outcome END AS outcome, r.detail, r.provider_id, r.delay, r.spent,
           r.resend AND NOT p.proven AS resend, r.started_at
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::interval[], $8::integer[], $9::boolean[],
                $10::timestamptz[], $13::uuid[])
        AS r (id, token, state, outcome, detail, provider_id, delay, spent, resend, started_at, row_token)
    JOIN reminders.outbox m ON m.id = r.id
    CROSS JOIN LATERAL (SELECT m.operation = 'send' AND (m.provider_message_id IS NOT NULL OR m.proven)
                               AND (r.state = 'uncertain' OR r.resend) AS proven) p
    WHERE m.state = 'sending' AND m.lease_token = r.token AND m.press_token = r.row_token
    ORDER BY m.id FOR UPDATE OF m),
settled AS (
    UPDATE reminders.outbox m
    SET state = r.state,
        reason = r.detail,
        provider_message_id = coalesce(r.provider_id, m.provider_message_id),
        due_at = CASE WHEN r.state = 'retry' THEN clock_timestamp() + r.delay ELSE m.due_at END,
        attempts = m.attempts + r.spent,
        throttled = m.throttled + CASE r.outcome WHEN 'throttled' THEN 1 ELSE 0 END,
        lease_until = NULL,
        send_started_at = CASE WHEN r.state = 'retry' THEN NULL ELSE m.send_started_at END,
        settled_at = CASE WHEN r.state = 'retry' THEN NULL ELSE clock_timestamp() END
    FROM result r
    WHERE m.id = r.id
    RETURNING m.*, r.outcome, r.detail, r.resend, r.started_at),
tried AS (
    /* include Outbox/Sql/write-attempt.sql */
    FROM settled t
    ON CONFLICT DO NOTHING),
edited AS (
    /* include Outbox/Sql/edit-of.sql */
    FROM settled m
    JOIN reminders.occurrence o ON o.id = m.occurrence_id
    JOIN reminders.subject s ON s.id = o.subject_id
    -- Delivered under an id that could not be kept, it cannot be edited.
    WHERE m.stale AND m.state = 'sent' AND m.operation = 'send' AND m.provider_message_id IS NOT NULL
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING),
resent AS (
    /* include Outbox/Sql/next-number.sql */
    FROM (SELECT *, interval '0' AS wait FROM settled WHERE resend) m
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING),
fallen AS (
    /* include Outbox/Sql/next-channel.sql */
    FROM settled m JOIN unnest($11::text[], $12::text[]) AS k (kind, channels) ON k.kind = m.kind
    /* include Outbox/Sql/next-channel-choice.sql */
    -- Refused for good here, whether for its recipient or as it is: another channel may take it, as when WhatsApp says
    -- so only later. Definite, so it is told once.
    WHERE m.outcome IN ('unreachable', 'rejected') AND m.state = 'dead' AND m.operation = 'send'
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
    RETURNING occurrence_id),
unreported AS (
    SELECT o.subject_id, o.has_buttons, CASE m.state WHEN 'uncertain' THEN 'reminder_held' ELSE 'reminder_skipped' END AS event,
           'message ' || m.id || ': ' || m.outcome AS cause
    FROM settled m JOIN reminders.occurrence o ON o.id = m.occurrence_id
    WHERE m.operation = 'send' AND m.state IN ('uncertain', 'dead') AND NOT m.resend
      AND m.occurrence_id NOT IN (SELECT occurrence_id FROM fallen)),
reported AS (
    /* include Ledger/Sql/tell-recruiter.sql */
    RETURNING 1)
SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM reported)
