-- An address that came while its person's occurrence was being judged was not there for the judge, and the occurrence was not waiting yet
-- for whoever brought the address. By address_changed: what came in the last minute.
UPDATE reminders.occurrence o SET state = 'planned', reason = NULL, fired_at = NULL, fired_by = NULL
FROM reminders.address a, unnest($1::text[], $2::text[]) AS k (kind, channels)
WHERE a.changed_at > now() - interval '1 minute' AND a.state = 'reachable'
  AND o.recipient_id = a.recipient_id AND o.state = 'waiting'
  AND k.kind = o.kind AND a.channel = ANY (string_to_array(k.channels, ','))
