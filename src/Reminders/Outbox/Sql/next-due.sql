-- How long until the next message of the channel $2 may be claimed, or is worth another look; until the next occurrence of the
-- kinds $3 is due; whether the channel is in trouble; and which kinds are paused: without an end, they are not waited for. One look into
-- outbox_due for each kind $1, and one into occurrence_due for each of $3, from a moment ago: what was due before that has been looked
-- for.
SELECT CASE WHEN min(m.due_at) IS NOT NULL THEN greatest(min(greatest(m.due_at, p.until)), (
           SELECT greatest(c.paused_until, CASE WHEN /* include Outbox/Sql/channel-on-trial.sql */ THEN c.probe_until END,
                           -- Its end is no instant: a wake-up says so, and whoever misses that looks again.
                           CASE WHEN /* include Outbox/Sql/channel-stopped.sql */
                                THEN least(c.stopped_until, clock_timestamp() + interval '1 minute')
                                WHEN /* include Outbox/Sql/channel-kept.sql */ THEN clock_timestamp() + interval '100 milliseconds' END)
           FROM reminders.channel c WHERE c.name = $2)) - clock_timestamp() END,
       (SELECT min(o.due_at) - clock_timestamp()
        FROM unnest($3::text[]) AS k (kind) CROSS JOIN LATERAL (
            SELECT due_at FROM reminders.occurrence
            WHERE kind = k.kind AND state = 'planned' AND due_at > now() - interval '100 milliseconds'
            ORDER BY due_at, id LIMIT 1) o
        WHERE k.kind NOT IN (SELECT kind FROM reminders.paused_kind)),
       EXISTS (SELECT FROM reminders.channel c
               WHERE c.name = $2 AND (/* include Outbox/Sql/channel-shut.sql */ OR /* include Outbox/Sql/channel-on-trial.sql */)),
       ARRAY(SELECT kind FROM reminders.paused_kind)
FROM unnest($1::text[]) AS k (kind) LEFT JOIN reminders.paused_kind p ON p.kind = k.kind CROSS JOIN LATERAL (
    SELECT due_at FROM reminders.outbox
    WHERE channel = $2 AND kind = k.kind AND queue = 'due'
    ORDER BY due_at, id LIMIT 1) m
WHERE p.kind IS NULL OR p.until IS NOT NULL
