-- A number is taken only for what is going to be planned: a row that the conflict turns away has had its defaults
-- evaluated already, so whose window is closed is left out beforehand. The subject is locked, so nobody closes or opens
-- one in between, and the conflict's own condition still decides.
INSERT INTO reminders.window_key AS w (kind, subject_id, recipient_id, fingerprint, version)
SELECT $1, $2, id, $4, nextval('reminders.window_version')
FROM (SELECT id FROM unnest($3::bigint[]) AS id
      WHERE NOT EXISTS (SELECT FROM reminders.window_key k
                        WHERE k.kind = $1 AND k.subject_id = $2 AND k.recipient_id = id AND k.fingerprint = $4
                          AND k.armed_at >= clock_timestamp() - $5::interval)
      ORDER BY id OFFSET 0) open
ON CONFLICT (kind, subject_id, recipient_id, fingerprint) DO UPDATE
SET armed_at = clock_timestamp(), version = excluded.version
WHERE w.armed_at < clock_timestamp() - $5::interval
RETURNING recipient_id, version
