-- What the last look before the first byte would say (still-wanted.sql), and what nobody would look at: asked beforehand, so
-- that a person hears why at once, and not by silence.
SELECT j.id, j.subject_id, j.operation, j.number, j.state,
       CASE WHEN j.unwanted LIKE 'superseded by %' THEN 'the subject has moved on: this was for version ' || j.version || ', ' || j.unwanted
            WHEN j.unwanted LIKE 'subject is %' THEN 'it is not wanted any more: the ' || j.unwanted
            WHEN j.unwanted IS NOT NULL THEN 'it is not wanted any more: ' || j.unwanted
            WHEN j.past_use THEN 'it was of use until ' || to_char(j.useful_until AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
            WHEN last_told.told = d.told THEN 'the recipient was told the same before (row ' || last_told.id || '), and nothing else since'
            WHEN other.id IS NOT NULL THEN 'message ' || other.id || ' of the same reminder is ' || other.state
            WHEN j.opted_out IS NOT NULL THEN j.opted_out
            WHEN j.unreachable = 'no address on the channel' THEN 'the recipient has no address on ' || j.channel
            WHEN j.unreachable IS NOT NULL THEN 'the ' || j.unreachable
            WHEN j.kind <> ALL ($2) THEN 'the kind ' || j.kind || ' is not configured any more, so nobody would send it'
            WHEN j.channel <> ALL ($3) THEN 'the channel ' || j.channel || ' is not set up, so nobody would send it'
       END,
       (SELECT n.id FROM reminders.outbox n
        WHERE n.occurrence_id = j.occurrence_id AND n.channel = j.channel AND n.operation = 'send' AND n.number = j.number + 1)
FROM (SELECT a.*, o.subject_id, o.version, /* include Outbox/Sql/still-wanted.sql */
      FROM reminders.outbox a
      JOIN reminders.occurrence o ON o.id = a.occurrence_id
      JOIN reminders.subject s ON s.id = o.subject_id
      /* include Outbox/Sql/still-wanted-joins.sql */
      WHERE a.id = $1) j
JOIN reminders.occurrence d ON d.id = j.occurrence_id
/* include Ledger/Sql/last-told.sql */
LEFT JOIN LATERAL (
    SELECT x.id, x.state FROM reminders.outbox x
    WHERE x.occurrence_id = j.occurrence_id AND x.id <> j.id AND x.operation = 'send' AND x.state NOT IN ('dead', 'cancelled')
    ORDER BY x.id DESC LIMIT 1) other ON true
