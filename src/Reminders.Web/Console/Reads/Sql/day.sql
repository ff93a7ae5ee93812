-- Bookings that begin between $2 and $3, after ($4, $5), of the recruiter $1 or anybody: with how their reminder stands now. $6 are the
-- kinds that tell a recruiter that there is no answer.
--
-- Plan: the bookings by their start; of each the question that its version asks, and that one's newest message, by the prefix of
-- their identities.
SELECT s.id, s.key, s.status, s.data ->> 'title', s.data ->> 'place', s.happens_at, c.id, c.name, c.zone, r.name,
       EXISTS (SELECT FROM reminders.address a WHERE a.recipient_id = c.id AND a.state = 'reachable') AS reachable,
       q.state, q.due_at, q.decided_by IS NOT NULL AS told_before, m.state, m.id,
       EXISTS (SELECT FROM reminders.occurrence n
               WHERE n.subject_id = s.id AND n.version = s.version AND n.kind = ANY ($6) AND n.state = 'fired') AS unanswered
FROM reminders.subject s
JOIN reminders.party cp ON cp.subject_id = s.id AND cp.role = 'candidate' JOIN reminders.recipient c ON c.id = cp.recipient_id
JOIN reminders.party rp ON rp.subject_id = s.id AND rp.role = 'recruiter' JOIN reminders.recipient r ON r.id = rp.recipient_id
LEFT JOIN LATERAL (
    SELECT o.id, o.state, o.due_at, o.decided_by FROM reminders.occurrence o
    WHERE o.subject_id = s.id AND o.version = s.version AND o.recipient_id = c.id AND o.has_buttons
    ORDER BY o.id DESC LIMIT 1) q ON true
LEFT JOIN LATERAL (
    SELECT x.id, x.state FROM reminders.outbox x WHERE x.occurrence_id = q.id AND x.operation = 'send'
    ORDER BY x.id DESC LIMIT 1) m ON true
WHERE s.type = 'booking' AND s.happens_at >= $2 AND s.happens_at < $3 AND (s.happens_at, s.id) > ($4, $5)
  AND ($1::bigint IS NULL OR rp.recipient_id = $1::bigint)
ORDER BY s.happens_at, s.id LIMIT $7
