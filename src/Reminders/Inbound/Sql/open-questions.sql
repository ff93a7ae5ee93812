-- Asks the open questions of the person at $2 on the channel $1 once more, up to $4 of the kinds $3, at most every $5. A
-- turn is taken from the row in reminders.reply, so two nodes that handle two texts at once send one answer. What is on
-- its way by itself is open too, but not asked again: a message that waits or is being sent asks soon enough.
WITH open AS MATERIALIZED (
    SELECT o.id, o.kind, o.recipient_id, o.useful_until,
           (SELECT coalesce(max(m.number) + 1, 0) FROM reminders.outbox m
            WHERE m.occurrence_id = o.id AND m.channel = $1 AND m.operation = 'send') AS number,
           EXISTS (SELECT FROM reminders.outbox m
                   WHERE m.occurrence_id = o.id AND m.operation = 'send' AND m.channel = $1
                     AND m.state IN ('pending', 'retry', 'sending')) AS on_its_way
    FROM reminders.address a
    JOIN reminders.occurrence o ON o.recipient_id = a.recipient_id
    JOIN reminders.subject s ON s.id = o.subject_id
    WHERE a.key = reminders.address_key($1, $2) AND a.channel = $1
      AND o.state = 'fired' AND o.has_buttons AND o.kind = ANY ($3) AND o.useful_until > clock_timestamp()
      AND reminders.unwanted(o, s) IS NULL AND reminders.wants(o.recipient_id, o.kind, $1)
      AND EXISTS (SELECT FROM reminders.party p WHERE p.subject_id = s.id AND p.recipient_id = o.recipient_id)
    ORDER BY o.useful_until, o.id LIMIT $4),
turn AS (
    INSERT INTO reminders.reply AS r (key, what) SELECT reminders.address_key($1, $2), 'questions' WHERE EXISTS (SELECT FROM open
        WHERE NOT on_its_way)
    ON CONFLICT (key, what) DO UPDATE SET at = clock_timestamp() WHERE r.at < clock_timestamp() - $5::interval
    RETURNING 1),
asked AS (
    INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, number, state, due_at, useful_until, on_request)
    SELECT id, kind, recipient_id, $1, 'send', number, 'pending', now(), useful_until, true
    FROM open WHERE NOT on_its_way AND EXISTS (SELECT FROM turn)
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
    RETURNING 1),
woken AS (SELECT pg_notify('reminders_outbox', '') FROM (SELECT FROM asked LIMIT 1) t)
SELECT (SELECT count(*) FROM open)::integer, (SELECT count(*) FROM asked)::integer, (SELECT count(*) FROM woken)
