-- Windows that began where another system sent: of kind $1[], subject $2[], recipient $3[] and data $4[], at $5[]. As arm-windows.sql, but
-- the later beginning counts, whoever's it is; a number is taken only where a window begins anew.
INSERT INTO reminders.window_key AS w (kind, subject_id, recipient_id, fingerprint, armed_at, version)
SELECT kind, subject_id, recipient_id, fingerprint, sent_at, nextval('reminders.window_version')
FROM (SELECT t.* FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[])
          AS t (kind, subject_id, recipient_id, fingerprint, sent_at)
      WHERE NOT EXISTS (SELECT FROM reminders.window_key k
                        WHERE k.kind = t.kind AND k.subject_id = t.subject_id AND k.recipient_id = t.recipient_id
                          AND k.fingerprint = t.fingerprint AND k.armed_at >= t.sent_at)
      ORDER BY t.kind, t.subject_id, t.recipient_id, t.fingerprint OFFSET 0) later
ON CONFLICT (kind, subject_id, recipient_id, fingerprint) DO UPDATE
SET armed_at = excluded.armed_at, version = excluded.version
WHERE w.armed_at < excluded.armed_at
RETURNING kind, subject_id, recipient_id, fingerprint, version
