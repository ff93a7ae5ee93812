-- Fires and starts in one step: takes up to $3 due occurrences of the kinds $2, at most $4 of each, and those that are plainly
-- wanted and can plainly be sent over the channel $1 become messages that have started. The node $5 leases them until $6
-- from now under the token $9. What is not plain (a later version, quiet hours, a preference, no address, a recipient
-- who has to wait) is left as it is and named, for fire.sql to judge: the rare cases cost nothing here. $10 are left alone.
-- Of each kind it begins after the due time $11 and the id $12, see Places. $7 and $8 are what may-start.sql asks.
--
-- It judges by the rows as they are at this moment, as start.sql does, so there is nothing to look at once more. A change of
-- the subject locks the occurrence as well (fence-planned.sql): what it reaches first is not planned any more and is passed
-- over, and what is taken first it finds started.
--
-- Plan: picked walks occurrence_due, by (kind, due_at, id), from each kind's oldest to the LIMIT. All else goes by primary
-- key, or by the prefix of an identity. The rows come as an array, of which the planner expects ten, however many a LIMIT
-- that it does not know could let through: as a join it would find reason to read whole tables. OFFSET 0 keeps what is looked up for
-- each row from being read once for all of them, which costs less only while those tables are small, and the plan outlives that.
-- Where nobody has opted out, prefers anything or was throttled, one look says so for all rows of the take (a fifth of its time).
WITH picked AS MATERIALIZED (
    SELECT o.occurrence
    FROM unnest($2::text[], $11::timestamptz[], $12::bigint[]) AS k (kind, after_due, after_id) CROSS JOIN LATERAL (
        SELECT o AS occurrence FROM reminders.occurrence o
        WHERE o.kind = k.kind AND o.state = 'planned' AND (o.due_at, o.id) > (k.after_due, k.after_id) AND o.due_at <= now()
          AND o.id <> ALL ($10)
        ORDER BY o.due_at, o.id LIMIT $4 FOR UPDATE SKIP LOCKED) o
    -- Of a channel in trouble one message goes at a time, and start.sql chooses which.
    WHERE NOT EXISTS (SELECT FROM reminders.channel c
                      WHERE c.name = $1 AND (/* include Outbox/Sql/channel-shut.sql */ OR /* include Outbox/Sql/channel-on-trial.sql */))
      AND k.kind NOT IN (SELECT kind FROM reminders.paused_kind) AND /* include Failover/Sql/may-start.sql */
    LIMIT $3),
judged AS MATERIALIZED (
    SELECT o.id, o.kind, o.recipient_id, o.due_at, o.useful_until, o.planned_at, ad.address, s.status, s.happens_at, s.data,
           /* include Ledger/Sql/data-of-o.sql */ AS occurrence_data, r.name, r.locale, r.zone, r.unsubscribe_code,
           coalesce(o.useful_until > clock_timestamp() AND reminders.unwanted(o, s) IS NULL AND ad.state = 'reachable'
                    AND r.quiet_from IS NULL
                    AND ((SELECT NOT EXISTS (SELECT FROM reminders.opt_out))
                         OR NOT EXISTS (SELECT FROM reminders.opt_out gone WHERE gone.key = ad.key OFFSET 0))
                    AND ((SELECT NOT EXISTS (SELECT FROM reminders.preference))
                         OR NOT EXISTS (SELECT FROM reminders.preference p WHERE p.recipient_id = o.recipient_id OFFSET 0))
                    AND ((SELECT NOT EXISTS (SELECT FROM reminders.throttle WHERE channel = $1))
                         OR NOT EXISTS (SELECT FROM reminders.throttle t
                                        WHERE t.channel = $1 AND t.address = ad.address AND t.next_at > clock_timestamp()))
                    -- The A-B-A rule is fire.sql's to apply.
                    AND (o.version = 1 OR NOT EXISTS (
                        SELECT FROM reminders.occurrence e
                        WHERE e.subject_id = o.subject_id AND e.kind = o.kind AND e.recipient_id = o.recipient_id
                          AND e.version < o.version)), false) AS plain
    FROM unnest(ARRAY(SELECT occurrence FROM picked)) AS o
    JOIN reminders.subject s ON s.id = o.subject_id
    JOIN reminders.recipient r ON r.id = o.recipient_id
    LEFT JOIN LATERAL (SELECT * FROM reminders.address a WHERE a.recipient_id = o.recipient_id AND a.channel = $1 OFFSET 0) ad ON true),
fired AS (
    UPDATE reminders.occurrence o SET state = 'fired', fired_at = now(), fired_by = $5, fired_via = 'dispatcher'
    FROM judged j WHERE o.id = j.id AND j.plain),
leased AS (
    INSERT INTO reminders.outbox
        (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, leased_by, lease_token, lease_until,
         send_started_at)
    SELECT id, kind, recipient_id, $1, 'send', 'sending', due_at, useful_until, $5, $9, clock_timestamp() + $6, clock_timestamp()
    FROM judged WHERE plain ORDER BY due_at, id
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
    RETURNING id, occurrence_id, press_token, send_started_at, lease_until),
noted AS (
    /* include Outbox/Sql/note-leases.sql */)
SELECT j.id, j.plain, m.id, j.kind, j.address, m.press_token, j.status, j.happens_at, j.data::text, j.occurrence_data::text, j.name,
       j.locale, j.zone, m.send_started_at, j.unsubscribe_code, j.id || '.' || extract(epoch FROM j.planned_at),
       (SELECT secret FROM reminders.link_key WHERE retired_at IS NULL ORDER BY id DESC LIMIT 1), j.due_at
FROM judged j LEFT JOIN leased m ON m.occurrence_id = j.id
ORDER BY j.due_at, j.id
