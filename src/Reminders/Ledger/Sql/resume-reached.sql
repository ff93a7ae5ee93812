-- An address that came while its person's occurrence was being judged was not there for the judge, and the occurrence was not waiting yet
-- for whoever brought the address. Both happened in the last minute; what has waited for longer was there to be found.
--
-- Plan: by occurrence_fresh, what began to wait in the last minute; then by primary keys. OFFSET 0 keeps addresses from being read
-- first: after an import hundreds of thousands have just changed, and nobody waits.
WITH fresh AS MATERIALIZED (
    SELECT o.id, o.recipient_id, string_to_array(k.channels, ',') AS channels
    FROM reminders.occurrence o JOIN unnest($1::text[], $2::text[]) AS k (kind, channels) ON k.kind = o.kind
    WHERE o.state = 'waiting' AND o.fired_at > now() - interval '1 minute')
UPDATE reminders.occurrence o SET state = 'planned', reason = NULL, fired_at = NULL, fired_by = NULL
FROM fresh f
WHERE o.id = f.id AND o.state = 'waiting'
  AND EXISTS (SELECT FROM reminders.address a
              WHERE a.recipient_id = f.recipient_id AND a.channel = ANY (f.channels) AND a.state = 'reachable'
                AND a.changed_at > now() - interval '1 minute' OFFSET 0)
