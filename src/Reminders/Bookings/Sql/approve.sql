-- Approves those of the bookings $1 that are proposed or called off, in the name of $2, with a line in the audit for each. What was
-- called off is a new version.
WITH was AS MATERIALIZED (SELECT id, key, status FROM reminders.subject WHERE id = ANY ($1) AND status IN ('proposed', 'cancelled')),
now_so AS (
    UPDATE reminders.subject s
    SET status = 'approved', revision = s.revision + 1, changed_at = now(),
        version = s.version + CASE s.status WHEN 'cancelled' THEN 1 ELSE 0 END,
        announcement = s.announcement + CASE s.status WHEN 'cancelled' THEN 1 ELSE 0 END
    FROM was WHERE s.id = was.id)
INSERT INTO reminders.audit (actor, action, about, before, after)
SELECT $2, 'booking.approve', 'booking ' || key, jsonb_build_object('status', status), '{"status": "approved"}' FROM was
