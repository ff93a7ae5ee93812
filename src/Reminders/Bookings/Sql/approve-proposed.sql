-- Approves the booking $1 in the name of $2, where it is no more than proposed and has not begun, with a line in the audit; and returns
-- what planning and its caller want to know of it, a row for each of its people. Nothing where anything else is so: of another owner than
-- $3 (unless $4), of another recruiter than $5, of another revision than $6. $7 is the channel whose address is shown, $8 a
-- booking's type.
--
-- One statement, because that is nearly every approval and each statement costs. Whom it is for is read by the same look as the booking
-- was, so it holds only while nobody changed the booking since: a wait for its row finds another one (xmin) there, or the same.
--
-- Plan: one subject by its identity, then by its key, and its people by the prefix of party's, also where all of it is planned while there
-- is nothing. The type ($8) is no literal, and what it must be is asked where it is changed: an index of bookings, or of those that are
-- proposed, would do for a look through them all.
WITH seen AS MATERIALIZED (
    SELECT s.id, s.xmin AS written_by FROM reminders.subject s
    WHERE s.type = $8 AND s.key = $1 AND (s.owner = $3 OR $4::boolean) AND reminders.recruited_by(s, $5)),
now_so AS (
    UPDATE reminders.subject s SET status = 'approved', revision = s.revision + 1, changed_at = now()
    WHERE s.id = (SELECT id FROM seen) AND s.xmin = (SELECT written_by FROM seen) AND s.status = 'proposed'
      AND s.happens_at > clock_timestamp() AND ($6::integer IS NULL OR s.revision = $6)
    RETURNING s.id, s.key, s.version, s.happens_at, s.told, s.created_at, s.changed_at, s.data),
noted AS (
    INSERT INTO reminders.audit (actor, action, about, before, after)
    SELECT $2, 'booking.approve', 'booking ' || key, '{"status": "proposed"}', '{"status": "approved"}' FROM now_so)
SELECT s.id, s.version, s.happens_at, s.told, s.created_at, s.changed_at, s.data::text, now(), p.role, p.recipient_id,
       r.erased_at IS NULL, r.reference, r.name, r.locale, r.zone, r.start_code, a.address
FROM now_so s
JOIN reminders.party p ON p.subject_id = s.id
JOIN reminders.recipient r ON r.id = p.recipient_id
LEFT JOIN reminders.address a ON a.recipient_id = r.id AND a.channel = $7 AND a.state = 'reachable'
ORDER BY p.role, p.recipient_id
