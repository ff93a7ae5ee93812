-- Writes the message of each of the $1 occurrences that fired: $2 of them dead of whatever one dies of, $3 in doubt and still of use, the
-- rest sent; spread evenly, with the tries of those that were not.
WITH message AS (
    INSERT INTO reminders.outbox
        (occurrence_id, kind, recipient_id, channel, operation, state, reason, due_at, useful_until, attempts, lease_token,
         send_started_at, provider_message_id, created_at, settled_at)
    SELECT o.id, o.kind, o.recipient_id, 'telegram', 'send', x.state,
           CASE x.state
               WHEN 'dead' THEN (ARRAY['Bad Request: chat not found', 'Forbidden: bot was blocked by the user',
                   'last_attempt 5 5: Bad Gateway: upstream said ' || repeat('no ', 200), 'past_use'])[o.id % 4 + 1]
               WHEN 'uncertain' THEN (ARRAY['node_lost: bench1', 'no_reply telegram'])[o.id % 2 + 1] END,
           o.due_at,
           CASE x.state WHEN 'uncertain' THEN now() + interval '1 day' + o.id % 5000 * interval '1 minute' ELSE o.useful_until END,
           1, 1, o.due_at, CASE x.state WHEN 'sent' THEN (100000 + o.id)::text END, o.due_at, o.due_at + interval '300 milliseconds'
    FROM (SELECT o.*, o.id - min(o.id) OVER () + 1 AS n FROM reminders.occurrence o WHERE o.state = 'fired') o
    CROSS JOIN LATERAL (
        SELECT CASE WHEN o.n * $2::bigint / $1::bigint <> (o.n - 1) * $2::bigint / $1::bigint THEN 'dead'
                    WHEN (o.n + 7) * $3::bigint / $1::bigint <> (o.n + 6) * $3::bigint / $1::bigint THEN 'uncertain'
                    ELSE 'sent' END AS state) x
    ORDER BY o.id
    RETURNING id, state, reason, settled_at)
INSERT INTO reminders.attempt (message_id, lease_token, node, started_at, settled_at, outcome, detail)
SELECT id, 1, 'bench1', settled_at - interval '200 milliseconds', settled_at,
       CASE state WHEN 'dead' THEN 'refused' ELSE 'uncertain' END, reason
FROM message WHERE state <> 'sent'
