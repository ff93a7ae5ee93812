-- Calls the booking $1 off in the name of $2, with a line in the audit.
WITH was AS MATERIALIZED (SELECT id, key, status FROM reminders.subject WHERE id = $1 AND status <> 'cancelled'),
now_so AS (
    UPDATE reminders.subject s SET status = 'cancelled', revision = s.revision + 1, changed_at = now() FROM was WHERE s.id = was.id)
INSERT INTO reminders.audit (actor, action, about, before, after)
SELECT $2, 'booking.cancel', 'booking ' || key, jsonb_build_object('status', status), '{"status": "cancelled"}' FROM was
