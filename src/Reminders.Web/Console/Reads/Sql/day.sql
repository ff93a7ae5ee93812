-- Bookings that begin after ($3, $4) and before $2, of the recruiter $1 (mine) or anybody: with how their reminder stands now. $5 are the
-- kinds that tell a recruiter that there is no answer.
--
-- Plan: the bookings by their start, or a recruiter's by party_days; of each the question that its version asks, and that one's newest
-- message, by the prefix of their identities.
SELECT s.id, s.key, s.status, s.data ->> 'title', s.data ->> 'place', s.happens_at, c.id, c.name, c.zone, r.name,
       ARRAY(SELECT a.channel FROM reminders.address a WHERE a.recipient_id = c.id AND a.state = 'reachable') AS reachable,
       q.state, q.due_at, q.decided_by IS NOT NULL AS told_before, m.state, m.id,
       EXISTS (SELECT FROM reminders.occurrence n
               WHERE n.subject_id = s.id AND n.version = s.version AND n.kind = ANY ($5) AND n.state = 'fired') AS unanswered,
       q.kind, m.channel
FROM (
    /* if mine */ SELECT s.*, rp.recipient_id AS recruiter_id, cp.recipient_id AS candidate_id
    FROM reminders.party rp JOIN reminders.subject s ON s.id = rp.subject_id AND s.type = 'booking'
    JOIN reminders.party cp ON cp.subject_id = s.id AND cp.role = 'candidate'
    WHERE rp.role = 'recruiter' AND rp.recipient_id = $1::bigint AND (rp.happens_at, rp.subject_id) > ($3::timestamptz, $4::bigint)
      AND rp.happens_at < $2::timestamptz
    ORDER BY rp.happens_at, rp.subject_id LIMIT $6
    /* else */ SELECT s.*, rp.recipient_id AS recruiter_id, cp.recipient_id AS candidate_id
    FROM reminders.subject s JOIN reminders.party rp ON rp.subject_id = s.id AND rp.role = 'recruiter'
    JOIN reminders.party cp ON cp.subject_id = s.id AND cp.role = 'candidate'
    WHERE s.type = 'booking' AND (s.happens_at, s.id) > ($3::timestamptz, $4::bigint) AND s.happens_at < $2::timestamptz
      AND $1::bigint IS NULL
    ORDER BY s.happens_at, s.id LIMIT $6 /* end */) s
JOIN reminders.recipient c ON c.id = s.candidate_id JOIN reminders.recipient r ON r.id = s.recruiter_id
LEFT JOIN LATERAL (
    SELECT o.id, o.kind, o.state, o.due_at, o.decided_by FROM reminders.occurrence o
    WHERE o.subject_id = s.id AND o.version = s.version AND o.recipient_id = c.id AND o.has_buttons
    ORDER BY o.id DESC LIMIT 1) q ON true
LEFT JOIN LATERAL (
    SELECT x.id, x.state, x.channel FROM reminders.outbox x WHERE x.occurrence_id = q.id AND x.operation = 'send'
    ORDER BY x.id DESC LIMIT 1) m ON true
ORDER BY s.happens_at, s.id
