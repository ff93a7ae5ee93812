-- What the last look before the first byte would say (still-wanted.sql), and what nobody would look at: asked beforehand, so
-- that a person hears why at once, and not by silence. In codes, as Words/Reasons.cs has them.
SELECT j.id, j.subject_id, j.operation, j.number, j.state,
       CASE WHEN j.unwanted ^@ 'superseded ' THEN 'moved_on ' || j.version || ' ' || split_part(j.unwanted, ' ', 2)
            WHEN j.unwanted ^@ 'subject_is: ' THEN 'off: ' || substr(j.unwanted, 13)
            WHEN j.unwanted IS NOT NULL THEN 'unwanted: ' || j.unwanted
            WHEN j.past_use THEN 'useful_until: ' || to_char(j.useful_until AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
            WHEN last_told.told = d.told THEN 'told_same ' || last_told.id
            WHEN other.id IS NOT NULL THEN 'also_there ' || other.id || ' ' || other.state
            WHEN j.opted_out IS NOT NULL THEN j.opted_out
            WHEN j.unreachable = 'no_address_there' THEN 'no_address_on ' || j.channel
            WHEN j.unreachable IS NOT NULL THEN 'out_of_reach' || substr(j.unreachable, 12)
            WHEN j.kind <> ALL ($2) THEN 'kind_gone ' || j.kind
            WHEN j.channel <> ALL ($3) THEN 'channel_gone ' || j.channel
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
