-- Sent is otherwise final, but it was only the provider's promise, and this is the provider taking it back: left as sent,
-- it would suppress an announcement that nobody has heard (rule 3). Not against proof: who pressed or read it has it.
-- A code worth another try makes the next number, as an operator would (rule 7), at most so often as a send is tried.
WITH failed AS (
    UPDATE reminders.outbox m
    SET state = 'dead', reason = $3, provider_message_id = coalesce(m.provider_message_id, $2), lease_until = NULL,
        settled_at = clock_timestamp()
    WHERE m.id = $1 AND (m.state IN ('sent', 'uncertain') OR m.state = 'sending' AND m.send_started_at IS NOT NULL)
      AND NOT EXISTS (SELECT FROM reminders.press p WHERE p.message_id = m.id AND p.effect <> 'NotYours')
      AND NOT EXISTS (SELECT FROM reminders.inbound_update u
                      WHERE u.source = $8 AND u.provider_id IN ($2 || ':delivered', $2 || ':read'))
    RETURNING m.*),
recorded AS (
    /* include Outbox/Sql/write-attempt.sql */
    FROM (SELECT *, send_started_at AS started_at, 'failed later' AS outcome, $3::text AS detail FROM failed) t
    ON CONFLICT (message_id, lease_token) DO UPDATE SET outcome = excluded.outcome, detail = excluded.detail),
unreachable AS (
    UPDATE reminders.address a SET state = 'unreachable', reason = $3, changed_at = clock_timestamp()
    FROM failed f
    -- Whoever changed the address since, or wrote from it, knows better.
    WHERE $4 AND a.recipient_id = f.recipient_id AND a.channel = f.channel AND a.state = 'reachable' AND a.changed_at < f.send_started_at),
resent AS (
    /* include Outbox/Sql/next-number.sql */
    FROM (SELECT *, $6::interval AS wait FROM failed WHERE $5 AND number + 1 < $7 AND useful_until > now() + $6::interval) m
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
    RETURNING 1)
SELECT EXISTS (SELECT FROM resent) FROM failed
