-- What the app says of the subject $1, which is locked: the status $2, the instant $3, the data $4 (null: as it is), and who has
-- which part in it, by role $5 and reference $6 of the owner $7 (null: as it is).
--
-- The version grows by this statement, and only when people must be told something else (rule 3): another instant, other people,
-- or the subject is on again. An answer has moved the status on: the same word of the app's again leaves it there, a new word,
-- or a new version, does not; the answer stands if the new word is what it made of the subject.
WITH given AS MATERIALIZED (
    SELECT DISTINCT p.role, r.id AS recipient_id
    FROM unnest($5::text[], $6::text[]) AS p (role, reference)
    JOIN reminders.recipient r ON r.owner = $7 AND r.reference = p.reference),
former AS MATERIALIZED (SELECT role, recipient_id FROM reminders.party WHERE subject_id = $1),
other AS MATERIALIZED (
    SELECT $5::text[] IS NOT NULL AND (
        EXISTS (TABLE given EXCEPT TABLE former)
        OR EXISTS (TABLE former EXCEPT TABLE given)) AS people),
gone AS (
    DELETE FROM reminders.party p
    WHERE p.subject_id = $1 AND (SELECT people FROM other)
      AND NOT EXISTS (SELECT FROM given g WHERE g.role = p.role AND g.recipient_id = p.recipient_id)),
come AS (
    INSERT INTO reminders.party (subject_id, role, recipient_id)
    SELECT $1, role, recipient_id FROM given WHERE (SELECT people FROM other)
    ON CONFLICT ON CONSTRAINT party_pkey DO NOTHING),
judged AS MATERIALIZED (
    SELECT s.id, s.applied_status IS NULL AS is_new,
           s.applied_status IS DISTINCT FROM $2 AS says_otherwise,
           s.applied_status IS NOT NULL AND (s.happens_at IS DISTINCT FROM $3::timestamptz OR other.people
               OR s.status = 'cancelled' AND s.applied_status IS DISTINCT FROM $2) AS is_other,
           s.applied_status IS NOT NULL AND (other.people OR s.status = 'cancelled' AND s.applied_status IS DISTINCT FROM $2) AS is_anew,
           $4::jsonb IS NOT NULL AND s.data IS DISTINCT FROM $4::jsonb AS has_other_data
    FROM reminders.subject s, other WHERE s.id = $1),
changed AS (
    UPDATE reminders.subject s
    SET status = CASE WHEN j.says_otherwise OR j.is_other THEN $2 ELSE s.status END, applied_status = $2,
        -- Given to another question than is open now; of an earlier version, it does not count anyway.
        answer = CASE WHEN j.says_otherwise AND s.status <> $2 THEN NULL ELSE s.answer END,
        answer_then = CASE WHEN j.says_otherwise AND s.status <> $2 THEN NULL ELSE s.answer_then END,
        answer_version = CASE WHEN j.says_otherwise AND s.status <> $2 THEN NULL ELSE s.answer_version END,
        happens_at = $3::timestamptz, data = coalesce($4::jsonb, s.data),
        version = s.version + j.is_other::int, announcement = s.announcement + j.is_anew::int,
        revision = s.revision + 1, changed_at = now()
    FROM judged j
    WHERE s.id = j.id AND (j.is_new OR j.says_otherwise OR j.is_other OR j.has_other_data)
    RETURNING s.version, s.status)
SELECT coalesce(c.version, s.version), coalesce(c.status, s.status), c.version IS NOT NULL
FROM reminders.subject s LEFT JOIN changed c ON true WHERE s.id = $1
