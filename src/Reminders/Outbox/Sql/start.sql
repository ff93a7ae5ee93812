-- The last look before the first byte: judges the claimed messages $1, $2 of the channel $3 by their subject, recipient
-- and channel as they are now, and commits send_started_at for those that go. Everything else is put where it belongs.
-- $4 is the lease of a send, $5 and $6 the kinds with several channels and their order. Of a limited channel: $9 a
-- second, $10 between two to one recipient, $11 ahead, $12 that this node was late by.
--
-- Plan: asked finds its rows by primary key, and all that is judged hangs on them by keys. MATERIALIZED keeps each step from
-- being planned into the next: the verdicts are volatile, and must be one and the same for all who ask.
WITH asked AS MATERIALIZED (
    SELECT m.*, k.rank
    FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS k (id, token, rank)
    JOIN reminders.outbox m ON m.id = k.id
    WHERE m.state = 'sending' AND m.lease_token = k.token AND m.lease_until > clock_timestamp()
      AND /* include Failover/Sql/may-start.sql */
    ORDER BY m.id FOR UPDATE OF m),
-- An address gone or unreachable, a version replaced, a use outlived, a recipient asleep: decided here, by the rows as
-- they are now, not by the claim. Quiet hours shift a message only where it is still of use after them (rule 11).
judged AS MATERIALIZED (
    SELECT a.id, a.lease_token, a.rank, a.occurrence_id, a.channel, a.kind, a.operation, ad.address,
           a.press_token, a.attempts, a.recipient_id,
           a.throttled > 0 AS throttled_before, a.throttled > 0 AND c.sent_since IS TRUE AS throttled_alone,
           coalesce(/* include Outbox/Sql/channel-on-trial.sql */, false) AS on_trial, ad.address = ANY (c.doubted) AS doubted, p.next_at,
           s.id AS subject_id, s.status, s.happens_at, s.data,
           coalesce(digest.data, /* include Ledger/Sql/data-of-o.sql */) AS occurrence_data, o.has_buttons,
           r.name, r.locale, r.zone, r.unsubscribe_code,
           o.id || '.' || extract(epoch FROM o.planned_at) AS stable_id, t.provider_message_id AS target,
           coalesce(t.press_token, a.press_token) AS shown_token, a.number, digest.parts,
           CASE WHEN a.operation = 'send' THEN 'current'
                WHEN NOT EXISTS (SELECT FROM reminders.party p
                                 WHERE p.subject_id = s.id AND p.recipient_id = a.recipient_id) THEN 'gone'
                WHEN reminders.still_says_so(o.id) THEN 'current' ELSE 'replaced' END AS standing,
           /* include Outbox/Sql/still-wanted.sql */,
           coalesce(/* include Outbox/Sql/channel-shut.sql */, false) OR a.kind IN (SELECT kind FROM reminders.paused_kind)
               OR behind.id IS NOT NULL AS paused,
           -- Nobody claims what is shut or paused, so what waits for it keeps its place. Behind an older edit it
           -- would be claimed again at once, for nothing.
           CASE WHEN behind.id IS NULL OR a.kind IN (SELECT kind FROM reminders.paused_kind)
                     OR /* include Outbox/Sql/channel-shut.sql */ THEN a.due_at
                ELSE clock_timestamp() + interval '1 second' END AS resumes_at,
           CASE WHEN a.operation = 'send' AND NOT a.on_request AND r.quiet_from IS NOT NULL
                -- A zone that this server does not know: nobody can tell whether they sleep.
                THEN coalesce(reminders.quiet_until(r.zone, r.quiet_from, r.quiet_to, clock_timestamp()),
                              CASE WHEN reminders.local_time(r.zone, clock_timestamp()) IS NULL
                                   THEN clock_timestamp() + interval '10 minutes' END) END AS quiet_until,
           a.useful_until
    FROM asked a
    JOIN reminders.occurrence o ON o.id = a.occurrence_id
    JOIN reminders.subject s ON s.id = o.subject_id
    JOIN reminders.recipient r ON r.id = a.recipient_id
    /* include Outbox/Sql/still-wanted-joins.sql */
    LEFT JOIN reminders.outbox t ON t.id = a.target_id
    -- An older edit still under way could land after this one, and leave its text for good.
    LEFT JOIN LATERAL (
        SELECT e.id FROM reminders.outbox e
        WHERE a.target_id IS NOT NULL AND e.target_id = a.target_id AND e.id <> a.id
          AND e.state = 'sending' AND e.send_started_at IS NOT NULL
        LIMIT 1) behind ON true
    LEFT JOIN reminders.channel c ON c.name = $3
    LEFT JOIN reminders.throttle p ON p.channel = $3 AND p.address = ad.address),
looked_at AS (
    SELECT j.*, CASE WHEN j.unwanted IS NOT NULL THEN 'unwanted'
                     WHEN j.past_use THEN 'past_use'
                     WHEN j.opted_out IS NOT NULL THEN 'opted_out'
                     WHEN j.unreachable IS NOT NULL THEN 'unreachable'
                     WHEN j.quiet_until < j.useful_until THEN 'quiet'
                     WHEN j.paused THEN 'paused' END AS obstacle
    FROM judged j),
/* if limited */
-- The limit hands out instants, evenly spaced and a little ahead, and the node keeps to them: what a node needs to come
-- back for more costs no rate, and no two nodes can start at once. The channel's row is locked for that, and only then:
-- nodes take turns for the millisecond of this commit. Of several messages for one recipient only the first goes; the
-- others come back when the recipient is free.
free AS MATERIALIZED (
    SELECT j.*, greatest(j.next_at, clock_timestamp()) + $10::interval * (row_number() OVER same_address - 1) AS free_at,
           coalesce(j.obstacle, CASE WHEN j.next_at > clock_timestamp() OR $10 > interval '0' AND row_number() OVER same_address > 1
                                     THEN 'busy' ELSE 'start' END) AS verdict
    FROM looked_at j
    WINDOW same_address AS (PARTITION BY j.address, j.obstacle ORDER BY j.rank)),
slots AS MATERIALIZED (
    SELECT c.name, greatest(c.next_slot, clock_timestamp()) + $12::interval AS first,
           CASE WHEN $9::float8 > 0 THEN interval '1 second' / $9 ELSE '0' END AS apart,
           /* include Outbox/Sql/channel-on-trial.sql */ AS tried, /* include Outbox/Sql/channel-shut.sql */ AS shut
    FROM reminders.channel c WHERE c.name = $3 FOR UPDATE),
offered AS MATERIALIZED (
    SELECT f.*, b.apart, b.tried, b.first, b.shut, row_number() OVER (PARTITION BY f.verdict ORDER BY b.tried AND f.doubted, f.rank) AS turn
    FROM free f CROSS JOIN slots b),
judged_again AS MATERIALIZED (
    -- By the channel's row as it is under its lock: of one in trouble one message goes at a time, over the cluster, to
    -- somebody it has not failed with lately.
    SELECT o.*, o.first + o.apart * (o.turn - 1) AS slot,
           CASE WHEN o.verdict = 'start' AND (o.shut OR o.tried AND o.turn > 1) THEN 'paused' ELSE o.verdict END AS judged
    FROM offered o),
granted AS MATERIALIZED (
    SELECT o.*, o.judged = 'start' AND o.slot <= clock_timestamp() + $11::interval AS goes FROM judged_again o),
-- Another node may have written to the recipient since this statement's snapshot: the row itself says, under its lock.
spaced AS (
    INSERT INTO reminders.throttle AS t (channel, address, next_at)
    SELECT $3, address, slot + $10 FROM granted WHERE goes AND $10 > interval '0'
    ORDER BY address
    ON CONFLICT (channel, address) DO UPDATE SET next_at = excluded.next_at, reason = NULL WHERE t.next_at <= clock_timestamp()
    RETURNING address),
decided AS MATERIALIZED (
    SELECT g.id, g.lease_token, g.rank, g.occurrence_id, g.recipient_id, g.channel, g.useful_until, g.kind, g.operation,
           g.address, g.attempts, g.subject_id, g.status, g.happens_at, g.data, g.occurrence_data, g.has_buttons, g.name, g.locale,
           g.zone, g.unsubscribe_code, g.stable_id, g.target, g.shown_token, g.press_token, g.number, g.parts,
           g.standing, g.unwanted, g.opted_out, g.unreachable,
           g.resumes_at, g.quiet_until, g.throttled_alone, g.throttled_before, g.slot, $9 > 0 AS paced,
           g.goes AND g.tried AND ($10 = interval '0' OR g.has_room) AS probe,
           -- Half of what is handed out ahead is still to be sent when the next are asked for.
           extract(epoch FROM g.slot - clock_timestamp() - $11 / 2)::float8 AS wait, clock_timestamp() AS begun_at,
           CASE WHEN g.goes THEN clock_timestamp() + $10 ELSE g.free_at END AS free_at,
           CASE WHEN g.goes AND $10 > interval '0' AND NOT g.has_room THEN 'busy'
                WHEN g.judged = 'start' AND NOT g.goes THEN 'wait' ELSE g.judged END AS verdict
    FROM (SELECT g.*, g.address IN (SELECT address FROM spaced) AS has_room FROM granted g) g),
taken AS (
    UPDATE reminders.channel c
    SET next_slot = CASE WHEN $9 > 0 THEN b.first + b.apart * (SELECT count(*) FROM granted WHERE goes) ELSE c.next_slot END,
        probe_id = CASE WHEN p.id IS NULL THEN c.probe_id ELSE p.id END,
        probe_until = CASE WHEN p.id IS NULL THEN c.probe_until ELSE clock_timestamp() + $4 END
    FROM slots b LEFT JOIN decided p ON p.probe WHERE c.name = b.name AND ($9 > 0 OR p.id IS NOT NULL)),
/* else */
-- Of a channel in trouble one message goes at a time, over the cluster, to somebody it has not failed with lately: the
-- channel's row is locked for that, and only then.
free AS MATERIALIZED (
    SELECT j.*, coalesce(j.obstacle, CASE WHEN j.next_at > clock_timestamp() THEN 'busy' ELSE 'start' END) AS verdict FROM looked_at j),
trial AS MATERIALIZED (
    SELECT c.name FROM reminders.channel c
    WHERE c.name = $3 AND /* include Outbox/Sql/channel-on-trial.sql */ AND coalesce(c.probe_until <= clock_timestamp(), true) FOR UPDATE),
offered AS MATERIALIZED (
    SELECT f.*, row_number() OVER (PARTITION BY f.verdict ORDER BY f.on_trial AND f.doubted, f.rank) AS turn FROM free f),
chosen AS MATERIALIZED (
    SELECT o.*, o.verdict = 'start' AND o.on_trial AS tried,
           o.verdict = 'start' AND o.on_trial AND o.turn = 1 AND EXISTS (SELECT FROM trial) AS probe FROM offered o),
decided AS MATERIALIZED (
    SELECT c.id, c.lease_token, c.rank, c.occurrence_id, c.recipient_id, c.channel, c.useful_until, c.kind, c.operation,
           c.address, c.attempts, c.subject_id, c.status, c.happens_at, c.data, c.occurrence_data, c.has_buttons, c.name, c.locale,
           c.zone, c.unsubscribe_code, c.stable_id, c.target, c.shown_token, c.press_token, c.number, c.parts,
           c.standing, c.unwanted, c.opted_out, c.unreachable,
           c.resumes_at, c.quiet_until, c.throttled_alone, c.throttled_before, c.probe,
           CASE WHEN c.tried AND NOT c.probe THEN 'paused' ELSE c.verdict END AS verdict,
           c.next_at AS free_at, NULL::float8 AS wait, clock_timestamp() AS begun_at, NULL::timestamptz AS slot, false AS paced
    FROM chosen c),
probing AS (
    UPDATE reminders.channel c SET probe_id = d.id, probe_until = clock_timestamp() + $4
    FROM decided d WHERE d.probe AND c.name = $3),
/* end */
placed AS (
    UPDATE reminders.outbox m
    SET state = CASE d.verdict WHEN 'start' THEN 'sending' WHEN 'unwanted' THEN 'cancelled' WHEN 'opted_out' THEN 'cancelled'
                               WHEN 'past_use' THEN 'dead' WHEN 'unreachable' THEN 'dead' ELSE 'pending' END,
        reason = CASE d.verdict WHEN 'unwanted' THEN d.unwanted WHEN 'past_use' THEN 'past_use'
                                WHEN 'opted_out' THEN d.opted_out WHEN 'unreachable' THEN d.unreachable ELSE m.reason END,
        due_at = CASE d.verdict WHEN 'paused' THEN d.resumes_at WHEN 'busy' THEN d.free_at WHEN 'quiet' THEN d.quiet_until
                                ELSE m.due_at END,
        lease_until = CASE WHEN d.verdict = 'start' THEN d.begun_at + $4::interval END,
        send_started_at = CASE WHEN d.verdict = 'start' THEN d.begun_at END,
        settled_at = CASE WHEN d.verdict IN ('unwanted', 'past_use', 'opted_out', 'unreachable') THEN clock_timestamp() END
    FROM decided d
    WHERE m.id = d.id AND d.verdict <> 'wait'),
fallen AS (
    /* include Outbox/Sql/next-channel.sql */
    FROM decided m JOIN unnest($5::text[], $6::text[]) AS k (kind, channels) ON k.kind = m.kind
    /* include Outbox/Sql/next-channel-choice.sql */
    WHERE m.verdict = 'unreachable' AND m.operation = 'send'
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
    RETURNING occurrence_id),
unreported AS (
    SELECT subject_id, has_buttons, 'reminder_skipped' AS event,
           'message ' || id || ': ' || coalesce(opted_out, unreachable, 'past_use') AS cause
    FROM decided WHERE verdict IN ('past_use', 'opted_out', 'unreachable') AND operation = 'send'
      AND occurrence_id NOT IN (SELECT occurrence_id FROM fallen)),
reported AS (
    /* include Ledger/Sql/tell-recruiter.sql */)
SELECT d.id, d.lease_token, d.verdict, d.kind, d.operation, d.address, d.shown_token, d.attempts, d.status, d.standing,
       d.happens_at, d.data::text, d.occurrence_data::text, d.name, d.locale, d.zone, d.target, d.begun_at,
       d.wait, d.throttled_alone, CASE WHEN d.paced THEN greatest(d.slot - d.begun_at, interval '0') END,
       d.unsubscribe_code, d.stable_id, d.probe, d.throttled_before,
       -- Once for the whole statement; so a new key is in use at once, on every node.
       (SELECT secret FROM reminders.link_key WHERE retired_at IS NULL ORDER BY id DESC LIMIT 1),
       -- As late as can be: by this the node knows how far its stopwatch is from the database's clock.
       clock_timestamp(),
       d.press_token, d.number, d.parts
FROM decided d
ORDER BY d.rank
