-- Moves the booking $1 to $3 in the name of $2, with a line in the audit. Rule 3: the version grows by this statement and no other, and
-- only when the instant really differs. An answer was to the earlier time.
WITH was AS MATERIALIZED (SELECT id, key, happens_at FROM reminders.subject WHERE id = $1 AND happens_at IS DISTINCT FROM $3),
now_so AS (
    UPDATE reminders.subject s
    SET happens_at = $3, version = s.version + 1, revision = s.revision + 1, changed_at = now(),
        status = CASE WHEN s.status IN ('confirmed', 'declined') THEN 'approved' ELSE s.status END
    FROM was WHERE s.id = was.id)
INSERT INTO reminders.audit (actor, action, about, before, after)
SELECT $2, 'booking.move', 'booking ' || key, jsonb_build_object('startsAt', happens_at), jsonb_build_object('startsAt', $3::timestamptz)
FROM was
