-- How the channels $1, and those that left a row, stand; of $2 alone if that is given, and with what waits there, as far as $3.
WITH channel AS (
    SELECT c.name, CASE WHEN /* include Outbox/Sql/channel-stopped.sql */ THEN 'stopped'
                        WHEN c.broken_since IS NOT NULL THEN 'broken'
                        WHEN c.rests_since IS NOT NULL AND c.answered_at IS NULL THEN 'resting'
                        WHEN c.rests_since IS NOT NULL THEN 'answering'
                        WHEN c.paused_until > clock_timestamp() THEN 'waiting'
                        WHEN /* include Outbox/Sql/channel-on-trial.sql */ THEN 'asked' ELSE 'open' END AS state,
           c.stopped_since, c.broken_since, c.doubts_since, c.throttled_at, c.pause_reason, c.stop_reason || ' (' || c.stopped_by
               || ')' AS stop_reason,
           CASE WHEN c.paused_until > clock_timestamp() THEN c.paused_until END AS paused_until, c.stopped_until
    FROM reminders.channel c)
SELECT n.name, coalesce(c.state, 'open'),
       CASE c.state WHEN 'stopped' THEN c.stopped_since WHEN 'broken' THEN c.broken_since WHEN 'resting' THEN c.doubts_since
                    WHEN 'answering' THEN c.doubts_since WHEN 'waiting' THEN c.throttled_at WHEN 'asked' THEN c.throttled_at END,
       CASE c.state WHEN 'stopped' THEN c.stopped_until ELSE c.paused_until END,
       CASE c.state WHEN 'stopped' THEN c.stop_reason WHEN 'open' THEN NULL ELSE c.pause_reason END,
       (SELECT count(*) FROM (SELECT FROM reminders.outbox m WHERE m.channel = n.name AND m.queue = 'due' LIMIT $3) waiting),
       p.addresses, p.ends, p.reasons
FROM (SELECT unnest($1::text[]) AS name UNION SELECT name FROM reminders.channel) n
LEFT JOIN channel c ON c.name = n.name
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(t.address ORDER BY t.next_at DESC), '{}') AS addresses, coalesce(array_agg(t.next_at
        ORDER BY t.next_at DESC), '{}') AS ends,
           coalesce(array_agg(t.reason ORDER BY t.next_at DESC), '{}') AS reasons
    FROM (SELECT address, next_at, reason FROM reminders.throttle
          WHERE channel = n.name AND reason IS NOT NULL AND next_at > clock_timestamp() ORDER BY next_at DESC LIMIT 100) t) p
WHERE $2::text IS NULL OR n.name = $2
ORDER BY n.name
