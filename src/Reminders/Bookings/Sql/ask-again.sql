-- Asks the candidate of the booking $1, which was declined or called off, again: a new version, in the name of $2, with a line in the
-- audit.
WITH was AS MATERIALIZED (SELECT id, key, status FROM reminders.subject WHERE id = $1 AND status IN ('declined', 'cancelled')),
now_so AS (
    UPDATE reminders.subject s
    SET status = 'approved', revision = s.revision + 1, changed_at = now(), version = s.version + 1, announcement = s.announcement + 1
    FROM was WHERE s.id = was.id)
INSERT INTO reminders.audit (actor, action, about, before, after)
SELECT $2, 'booking.ask_again', 'booking ' || key, jsonb_build_object('status', status), '{"status": "approved"}' FROM was
