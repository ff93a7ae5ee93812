-- works beside builds from: 33

-- Reasons are codes with values (Words/Reasons.cs), and put into words where they are read. reminders.unwanted writes them now (see
-- functions.sql): a build of before shows them as they are. What such a build has written stays as it is, and counts for the same here.
--
-- Each time a person was told, or may have been: as it was, but for how a reason says that somebody knows that it did not arrive.
CREATE OR REPLACE VIEW reminders.telling AS
SELECT o.subject_id, o.kind, o.recipient_id, o.told, o.version, o.id AS occurrence_id, m.occurrence_id AS lead_id, m.id AS message_id,
       m.channel, m.number, m.state = 'sent' AS surely, d.doubt IS NOT NULL AS doubted,
       m.number = 0 AND m.created_at <= o.fired_at AS at_once,
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
          AND coalesce(m.reason, '') NOT LIKE ALL (ARRAY['not\_delivered\_says: %', 'failed\_later %',
                                                         'not delivered%', 'WhatsApp said later that it failed%']))
UNION ALL
SELECT o.subject_id, o.kind, o.recipient_id, o.told, o.version, o.id, o.id, NULL, 'inbox', 0, true, false, i.created_at <= o.fired_at,
       false, i.created_at
FROM reminders.occurrence o JOIN reminders.inbox_item i ON i.occurrence_id = o.id;
