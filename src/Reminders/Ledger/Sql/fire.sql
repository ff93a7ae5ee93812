-- Fires up to $4 occurrences of the kinds $1 that have been due for $3: judges each against its subject as it is now,
-- and writes messages and inbox items for those still wanted, a reason for the others. $2, $6 to $9 say of each kind
-- where it goes, whether everywhere, how long it gathers, and what it follows by how much. $11 is who found that its time had come.
--
-- Plan: picked walks occurrence_due, which holds only what is planned by (kind, due_at, id), from each kind's oldest to the
-- LIMIT. All that follows goes by primary key, or by the prefix of an identity, from these few rows. OFFSET 0 keeps a look
-- at one occurrence's messages from becoming a scan of everything that is being sent. The CTEs are MATERIALIZED because
-- each is asked by several others.
WITH picked AS MATERIALIZED (
    SELECT o.*
    FROM unnest($1::text[]) AS k (kind) CROSS JOIN LATERAL (
        SELECT o.*, o AS occurrence FROM reminders.occurrence o
        WHERE o.kind = k.kind AND o.state = 'planned' AND o.due_at <= now()
          AND (o.due_at <= now() - $3::interval OR o.due_at <= o.planned_at)
          -- What this node leaves alone, or only what is being tried by itself.
          AND o.id /* if among */ = ANY /* else */ <> ALL /* end */ ($10)
        ORDER BY o.due_at, o.id LIMIT $4 FOR UPDATE SKIP LOCKED) o
    -- After a fail-over it may have been sent: until the nodes have said so, it stays where that is looked for.
    WHERE NOT EXISTS (SELECT FROM reminders.cluster WHERE recovering)
    LIMIT $4),
due AS MATERIALIZED (
    SELECT o.*, string_to_array(k.channels, ',') AS channels, k.every, k.digest, k.after, k.wait
    FROM picked o
    JOIN unnest($1::text[], $2::text[], $6::boolean[], $7::interval[], $8::text[], $9::interval[])
        AS k (kind, channels, every, digest, after, wait) ON k.kind = o.kind),
judged AS MATERIALIZED (
    SELECT d.*, s.type AS subject_type, s.key AS subject_key, s.data AS subject_data, s.happens_at, a.chosen, a.silenced,
        last_told.id AS deciding,
           reminders.unwanted(d.occurrence, s) AS unwanted,
           d.useful_until <= now() AS past_use,
           coalesce(last_told.told = d.told, false) AS told_already,
           coalesce(under_way.unknown, false) AS unknown,
           asked.open AS asked_open, asked.next_at AS asked_next, asked.reason AS not_asked, asked.sent_at + d.wait AS follows_at
    FROM due d
    JOIN reminders.subject s ON s.id = d.subject_id
    /* include Ledger/Sql/last-told.sql */
    -- Whether an earlier version reached its recipient is not known yet: it is asked again when it is.
    LEFT JOIN LATERAL (
        SELECT true AS unknown FROM reminders.occurrence p
        CROSS JOIN LATERAL (SELECT m.state FROM reminders.outbox m
                            WHERE m.occurrence_id = p.id AND m.operation = 'send' AND m.send_started_at IS NOT NULL OFFSET 0) m
        WHERE d.version > 1 AND p.subject_id = d.subject_id AND p.kind = d.kind
          AND p.recipient_id = d.recipient_id AND p.version < d.version AND m.state = 'sending'
        LIMIT 1) under_way ON true
    -- What it follows (KindDefinition.After): sent, and when; still open, a doubt included; or neither, and then it never
    -- was. What is known already by an earlier version was sent with that. It costs nothing where nothing follows.
    LEFT JOIN LATERAL (
        SELECT bool_or(f.sent_at IS NULL AND f.open) AS open, max(f.sent_at) AS sent_at, max(f.next_at) AS next_at, max(f.reason) AS reason
        FROM (SELECT greatest(m.sent_at, i.created_at) AS sent_at, p.state IN ('planned', 'waiting') OR coalesce(m.open, false) AS open,
                     CASE p.state WHEN 'planned' THEN p.due_at ELSE m.next_at END AS next_at,
                     CASE WHEN p.state IN ('skipped', 'cancelled') THEN p.reason ELSE m.reason END AS reason
              FROM reminders.occurrence p
              CROSS JOIN LATERAL (
                  SELECT max(coalesce(m.send_started_at, m.settled_at)) FILTER (WHERE m.state = 'sent') AS sent_at,
                         bool_or(m.state IN ('pending', 'retry', 'sending', 'uncertain')) AS open,
                         max(m.due_at) FILTER (WHERE m.state IN ('pending', 'retry')) AS next_at,
                         max(m.reason) FILTER (WHERE m.state IN ('dead', 'cancelled')) AS reason
                  FROM reminders.outbox m
                  WHERE m.occurrence_id = coalesce(p.decided_by, p.id) AND m.operation = 'send') m
              LEFT JOIN reminders.inbox_item i ON i.occurrence_id = coalesce(p.decided_by, p.id)
              WHERE d.after IS NOT NULL AND p.subject_id = d.subject_id AND p.kind = d.after AND p.version = d.version) f) asked ON true
    -- Where it goes: the best channel, or every one, of those that reach the recipient and are wanted.
    LEFT JOIN LATERAL (
        SELECT CASE WHEN d.every THEN array_agg(c.channel ORDER BY c.place) FILTER (WHERE c.wanted)
                    ELSE (array_agg(c.channel ORDER BY c.place) FILTER (WHERE c.wanted))[:1] END AS chosen,
               CASE WHEN bool_or(c.reached) THEN 'not_wanted' ELSE 'opted_out' END AS silenced
        FROM (SELECT c.channel, c.place, c.channel = 'inbox' OR a.state = 'reachable' AND gone.key IS NULL AS reached,
                     (c.channel = 'inbox' OR a.state = 'reachable' AND gone.key IS NULL)
                         AND reminders.wants(d.recipient_id, d.kind, c.channel) AS wanted
              FROM unnest(d.channels) WITH ORDINALITY AS c (channel, place)
              LEFT JOIN reminders.address a ON a.recipient_id = d.recipient_id AND a.channel = c.channel
              LEFT JOIN reminders.opt_out gone ON gone.key = a.key
              WHERE c.channel = 'inbox' OR a.state IN ('reachable', 'opted_out')) c
        HAVING count(*) > 0) a ON true),
decided AS MATERIALIZED (
    SELECT j.*,
           CASE WHEN unwanted IS NOT NULL THEN unwanted
                WHEN next = 'skipped' AND told_already THEN 'already_told'
                WHEN next = 'skipped' AND past_use THEN 'past_use'
                WHEN next = 'skipped' AND after IS NOT NULL AND follows_at IS NULL
                THEN 'not_sent ' || after || coalesce(': ' || not_asked, '')
                WHEN next = 'skipped' AND follows_at > now()
                THEN 'past_use_after ' || after || ' ' || extract(epoch FROM wait)::bigint
                WHEN next = 'skipped' THEN silenced
                WHEN next = 'waiting' THEN 'no_address' END AS because,
           -- To the second, as every instant. What is still open is asked again now and then, not at every turn.
           CASE WHEN next = 'planned' AND NOT unknown THEN date_bin('1 second', interval '999999 microseconds' + CASE
                    WHEN asked_open THEN least(useful_until, greatest(
                        asked_next + wait, now() + least(interval '30 seconds', greatest(interval '5 seconds', wait / 10))))
                    ELSE follows_at END, timestamptz 'epoch') END AS later,
           digest IS NOT NULL AND cardinality(array_remove(chosen, 'inbox')) > 0 AS gathers
    FROM (SELECT j.*, CASE WHEN unwanted IS NOT NULL THEN 'cancelled' WHEN unknown THEN 'planned'
                           WHEN past_use OR told_already THEN 'skipped'
                           WHEN asked_open THEN 'planned'
                           WHEN after IS NOT NULL AND follows_at IS NULL THEN 'skipped'
                           WHEN follows_at > now() THEN CASE WHEN follows_at < useful_until THEN 'planned' ELSE 'skipped' END
                           WHEN chosen IS NOT NULL THEN 'fired' WHEN silenced IS NOT NULL THEN 'skipped' ELSE 'waiting' END AS next
          FROM judged j) j),
-- What falls due for one recipient in the same stretch of time shares a message, whichever firing comes first. While
-- that is pending it takes more in; whoever comes later gathers for the next.
digests AS (
    INSERT INTO reminders.outbox AS m
        (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, digest_at)
    SELECT DISTINCT ON (kind, recipient_id, due_at)
           id, kind, recipient_id, (array_remove(chosen, 'inbox'))[1], 'send', 'pending', due_at + interval '2 seconds', useful_until,
               due_at
    FROM decided WHERE next = 'fired' AND gathers ORDER BY kind, recipient_id, due_at, id
    ON CONFLICT (kind, recipient_id, digest_at) WHERE digest_at IS NOT NULL DO UPDATE SET digest_at = m.digest_at
    WHERE m.state = 'pending'
    RETURNING m.occurrence_id, m.kind, m.recipient_id, m.digest_at),
placed AS MATERIALIZED (
    SELECT d.*, g.occurrence_id AS lead, d.next = 'fired' AND d.gathers AND g.occurrence_id IS NULL AS postponed
    FROM decided d
    LEFT JOIN digests g ON d.gathers AND g.kind = d.kind AND g.recipient_id = d.recipient_id AND g.digest_at = d.due_at),
fired AS (
    UPDATE reminders.occurrence o
    SET state = d.next, reason = d.because,
        decided_by = CASE WHEN d.unwanted IS NULL AND d.told_already THEN d.deciding END,
        digest_of = d.lead, fired_at = now(), fired_by = $5, fired_via = $11
    FROM placed d WHERE o.id = d.id AND d.next <> 'planned' AND NOT d.postponed),
retimed AS (
    UPDATE reminders.occurrence o SET due_at = d.later FROM placed d WHERE o.id = d.id AND d.later IS NOT NULL
    RETURNING o.kind, o.due_at, d.asked_open),
-- The reconciler puts a trigger where there is an instant. What is only asked again needs none.
instants AS (
    INSERT INTO reminders.instant (kind, due_second) SELECT DISTINCT kind, due_at FROM retimed WHERE asked_open IS NOT TRUE
        ORDER BY kind, due_at
    ON CONFLICT DO NOTHING),
postponed AS (
    UPDATE reminders.occurrence o SET due_at = d.due_at + d.digest, useful_until = greatest(d.useful_until, d.due_at + 2 * d.digest)
    FROM placed d WHERE o.id = d.id AND d.postponed),
queued AS (
    INSERT INTO reminders.outbox
        (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
    SELECT d.id, d.kind, d.recipient_id, c.channel, 'send', 'pending', d.due_at, d.useful_until
    FROM placed d CROSS JOIN unnest(d.chosen) AS c (channel)
    WHERE d.next = 'fired' AND NOT d.gathers AND c.channel <> 'inbox' ORDER BY d.due_at, d.id
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
    RETURNING 1),
read AS MATERIALIZED (
    SELECT d.*, row_number() OVER (PARTITION BY recipient_id ORDER BY due_at, id) AS nth
    FROM placed d WHERE d.next = 'fired' AND 'inbox' = ANY (d.chosen) AND NOT d.postponed),
numbered AS (
    INSERT INTO reminders.inbox AS i (recipient_id, last_seq)
    SELECT recipient_id, count(*) FROM read GROUP BY recipient_id ORDER BY recipient_id
    ON CONFLICT (recipient_id) DO UPDATE SET last_seq = i.last_seq + excluded.last_seq
    RETURNING recipient_id, last_seq),
items AS (
    INSERT INTO reminders.inbox_item (occurrence_id, recipient_id, seq, kind, subject_type, subject_key, data, data_id)
    SELECT r.id, r.recipient_id, n.last_seq - max(r.nth) OVER (PARTITION BY r.recipient_id) + r.nth, r.kind, r.subject_type, r.subject_key,
           jsonb_strip_nulls(jsonb_build_object('starts_at', r.happens_at)) || CASE WHEN r.data_id IS NULL THEN r.subject_data
               || coalesce(r.data, '{}')
           -- What is shared stays there, and is laid over this when it is read.
           ELSE r.subject_data - array(SELECT jsonb_object_keys(x.data) FROM reminders.shared_data x WHERE x.id = r.data_id) END, r.data_id
    FROM read r JOIN numbered n USING (recipient_id)
    RETURNING recipient_id),
pushed AS (SELECT pg_notify('reminders_inbox', string_agg(DISTINCT recipient_id::text, ',')) FROM items HAVING count(*) > 0),
unreported AS (
    SELECT subject_id, has_buttons, 'reminder_skipped' AS event, 'occurrence ' || id || ': ' || because AS cause
    FROM decided WHERE next = 'skipped' AND NOT told_already),
reported AS (
    /* include Ledger/Sql/tell-recruiter.sql */
    RETURNING 1),
woken AS (SELECT pg_notify('reminders_outbox', '') FROM (SELECT FROM queued UNION ALL SELECT FROM digests LIMIT 1) t)
SELECT (SELECT count(*) FROM placed WHERE next <> 'planned'), (SELECT count(*) FROM queued) + (SELECT count(*) FROM digests),
       (SELECT count(*) FROM reported), (SELECT count(*) FROM retimed),
       (SELECT array_agg(kind) FROM decided WHERE next = 'skipped' AND told_already),
       (SELECT count(*) FROM woken), (SELECT count(*) FROM pushed)
