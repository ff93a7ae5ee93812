-- Versions that cannot run out, and whether a person was told the same twice.

DROP VIEW reminders.booking;
DROP VIEW reminders.duplicate_in_ledger;
DROP VIEW reminders.duplicate_in_outbox;

-- A version is the caller's number, and the engine adds one to it: neither may come to an end. What callers may give is
-- bounded far below the end (NotifyRules.HighestVersion), so that the engine's own step always has room.
ALTER TABLE reminders.subject ALTER COLUMN version TYPE bigint;
ALTER TABLE reminders.occurrence ALTER COLUMN version TYPE bigint, ALTER COLUMN superseded_by TYPE bigint;
ALTER TABLE reminders.window_key ALTER COLUMN version TYPE bigint;
ALTER SEQUENCE reminders.window_version AS bigint;

-- Bookings as a person reads them.
CREATE VIEW reminders.booking AS
SELECT s.key AS id, s.status, s.version AS schedule_version, s.happens_at AS starts_at,
       s.data ->> 'title' AS title, c.name AS candidate, r.name AS recruiter, s.changed_at, s.id AS subject_id
FROM reminders.subject s
LEFT JOIN reminders.party pc ON pc.subject_id = s.id AND pc.role = 'candidate'
LEFT JOIN reminders.recipient c ON c.id = pc.recipient_id
LEFT JOIN reminders.party pr ON pr.subject_id = s.id AND pr.role = 'recruiter'
LEFT JOIN reminders.recipient r ON r.id = pr.recipient_id
WHERE s.type = 'booking';

-- Why an occurrence is not wanted any more, by its subject as it is now; null while it is. The one place where that is
-- said: the fence, firing, the last look before the first byte, operators and explain all ask here.
CREATE OR REPLACE FUNCTION reminders.unwanted(o reminders.occurrence, s reminders.subject) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN o.fenced AND o.version <> s.version THEN 'superseded by version ' || s.version
                WHEN o.superseded_by IS NOT NULL THEN 'superseded by version ' || o.superseded_by
                WHEN cardinality(o.wanted_in) > 0 AND s.status <> ALL (o.wanted_in) THEN 'subject is ' || s.status END
$$;

-- Whether an occurrence was told to its recipient, or may have been: by a message, or by an item in their inbox.
CREATE OR REPLACE FUNCTION reminders.is_announced(of_occurrence bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM reminders.outbox m
        WHERE m.occurrence_id = of_occurrence AND m.operation = 'send'
          AND (m.state IN ('sent', 'uncertain') OR m.state = 'sending' AND m.send_started_at IS NOT NULL))
        OR EXISTS (SELECT FROM reminders.inbox_item i WHERE i.occurrence_id = of_occurrence)
$$;

-- Each time a person was told, or may have been: a message that was sent, is in doubt or ended in doubt, and an item in the
-- inbox. A digest tells each of its parts. "surely" is false where nobody can know whether it arrived; "at_once" is true of
-- what was written when its time came, and false of what took the place of something; "on_request" is true of what they asked for by writing.
CREATE VIEW reminders.telling AS
SELECT o.subject_id, o.kind, o.recipient_id, o.told, o.version, o.id AS occurrence_id, m.occurrence_id AS lead_id, m.id AS message_id,
       m.channel, m.number, m.state = 'sent' AS surely, d.doubt IS NOT NULL AS doubted, m.number = 0 AND m.created_at <= o.fired_at AS at_once,
       m.on_request, coalesce(m.send_started_at, m.settled_at, m.created_at) AS told_at
FROM reminders.occurrence o
JOIN reminders.outbox m ON m.occurrence_id = coalesce(o.digest_of, o.id) AND m.operation = 'send'
LEFT JOIN LATERAL (
    SELECT max(a.outcome) AS doubt FROM reminders.attempt a
    WHERE a.message_id = m.id AND a.outcome IN ('uncertain', 'uncertain, resent', 'lease lost')) d ON true
WHERE (o.digest_of IS NULL OR o.state = 'fired')
  AND (m.state IN ('sent', 'uncertain')
       OR m.state = 'sending' AND m.send_started_at IS NOT NULL
       -- Given up, or sent again, without anybody knowing; an operator or a provider who says that it did not arrive does know.
       OR m.state = 'dead' AND d.doubt IS NOT NULL
          AND coalesce(m.reason, '') NOT LIKE ALL (ARRAY['not delivered%', 'WhatsApp said later that it failed%']))
UNION ALL
SELECT o.subject_id, o.kind, o.recipient_id, o.told, o.version, o.id, o.id, NULL, 'inbox', 0, true, false, i.created_at <= o.fired_at, false, i.created_at
FROM reminders.occurrence o JOIN reminders.inbox_item i ON i.occurrence_id = o.id;

-- Every time a person was told what they had been told last: the same of the same subject and kind, whatever the channel,
-- the resend number or the row of the ledger. Moved there and back (rule 3) is no repetition: something else was said in
-- between. "reason" is what allowed it; where that is null nothing did, and those rows must stay away for ever.
CREATE VIEW reminders.told_twice AS
SELECT t.subject_id, t.kind, t.recipient_id, t.told, t.occurrence_id, t.message_id, t.channel, t.number, t.surely, t.told_at,
       t.before_occurrence, t.before_message, t.before_channel,
       CASE WHEN t.copy > 1 THEN NULL
            WHEN t.on_request THEN 'they wrote, and were asked again'
            WHEN t.number > 0 THEN coalesce(
                (SELECT 'an operator had it ' || a.action || ' (' || a.acted_by || '): ' || a.reason
                 FROM reminders.outbox p JOIN reminders.operator_action a ON a.message_id = p.id
                 WHERE p.occurrence_id = t.lead_id AND p.channel = t.channel AND p.operation = 'send' AND p.number = t.number - 1
                   AND a.action LIKE ANY (ARRAY['resent%', 'replayed%'])
                 ORDER BY a.id DESC LIMIT 1),
                (SELECT CASE WHEN EXISTS (SELECT FROM reminders.attempt a WHERE a.message_id = p.id
                                          AND a.outcome IN ('uncertain, resent', 'lease lost'))
                             THEN 'the kind sends again what is in doubt' ELSE 'it took the place of one that did not arrive' END
                 FROM reminders.outbox p
                 WHERE p.occurrence_id = t.lead_id AND p.channel = t.channel AND p.operation = 'send' AND p.number = t.number - 1
                   AND p.state = 'dead'))
            WHEN t.before_occurrence <> t.occurrence_id THEN CASE WHEN NOT t.before_surely THEN 'what was sent before ended in doubt' END
            WHEN t.at_once THEN 'the kind goes to every channel'
            ELSE (SELECT 'a fall-back: ' || p.channel || ' message ' || p.id || ' was in doubt or did not arrive'
                  FROM reminders.outbox p
                  WHERE p.occurrence_id = t.lead_id AND p.channel <> t.channel AND p.operation = 'send'
                    AND (p.state IN ('uncertain', 'dead')
                         OR EXISTS (SELECT FROM reminders.attempt a WHERE a.message_id = p.id AND a.outcome IN ('uncertain', 'lease lost')))
                  ORDER BY p.id LIMIT 1)
       END AS reason
FROM (
    SELECT t.*, lag(t.told) OVER earlier AS before_told, lag(t.occurrence_id) OVER earlier AS before_occurrence,
           lag(t.message_id) OVER earlier AS before_message, lag(t.channel) OVER earlier AS before_channel,
           lag(t.surely) OVER earlier AS before_surely,
           row_number() OVER (PARTITION BY t.occurrence_id, t.channel, t.number ORDER BY t.told_at, t.message_id) AS copy
    FROM reminders.telling t
    WINDOW earlier AS (PARTITION BY t.subject_id, t.kind, t.recipient_id ORDER BY t.version, t.told_at, t.message_id NULLS FIRST)) t
WHERE t.before_told = t.told;
