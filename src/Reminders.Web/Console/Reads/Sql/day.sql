-- Bookings that begin after ($3, $4) and before $2, of the recruiter $1 (mine) or anybody: with how their reminder stands now. $5 are the
-- kinds that tell a recruiter that there is no answer. Of the first $6 all, or (needs) the first $7 of those that need somebody, and the
-- last that was looked at, where there were $6.
--
-- Plan: the bookings by their start, or a recruiter's by party_days; of each the question that its version asks, and that one's newest
-- message, by the prefix of their identities. As far as it takes to find them: what comes out of each step is in that order.
SELECT s.id, s.key, s.status, s.title, s.place, s.happens_at, c.id, c.name, c.zone, r.name, s.reachable, s.question, s.due_at,
       s.told_before, s.message, s.message_id, s.unanswered, s.kind, s.channel, s.needs, s.is_last
FROM (
    SELECT * FROM (
        -- As DayReader.StateOf and Slot.NeedsSomebody have it; a test holds them against each other.
        SELECT d.*, d.n = $6 AS is_last,
               CASE WHEN d.status IN ('proposed', 'declined') THEN true
                    WHEN d.status IN ('cancelled', 'confirmed') THEN false
                    WHEN d.message IN ('uncertain', 'dead', 'cancelled') THEN true
                    WHEN d.message = 'sent' THEN d.unanswered
                    WHEN d.message IS NULL AND d.question IN ('skipped', 'cancelled') AND NOT d.told_before THEN true
                    WHEN d.message IS NULL AND d.question = 'skipped' THEN d.unanswered
                    ELSE cardinality(d.reachable) = 0 END AS needs
        FROM (
            SELECT b.*, b.data ->> 'title' AS title, b.data ->> 'place' AS place,
                   ARRAY(SELECT a.channel FROM reminders.address a
                         WHERE a.recipient_id = b.candidate_id AND a.state = 'reachable') AS reachable,
                   q.state AS question, q.kind, q.due_at, q.decided_by IS NOT NULL AS told_before, m.state AS message, m.id AS message_id,
                   m.channel,
                   EXISTS (SELECT FROM reminders.occurrence n
                           WHERE n.subject_id = b.id AND n.version = b.version AND n.kind = ANY ($5) AND n.state = 'fired') AS unanswered
            FROM (
                /* if mine */ SELECT s.*, rp.recipient_id AS recruiter_id, cp.recipient_id AS candidate_id,
                    row_number() OVER (ORDER BY rp.happens_at, rp.subject_id) AS n
                FROM reminders.party rp JOIN reminders.subject s ON s.id = rp.subject_id AND s.type = 'booking'
                JOIN reminders.party cp ON cp.subject_id = s.id AND cp.role = 'candidate'
                WHERE rp.role = 'recruiter' AND rp.recipient_id = $1::bigint
                  AND (rp.happens_at, rp.subject_id) > ($3::timestamptz, $4::bigint) AND rp.happens_at < $2::timestamptz
                ORDER BY rp.happens_at, rp.subject_id LIMIT $6
                /* else */ SELECT s.*, rp.recipient_id AS recruiter_id, cp.recipient_id AS candidate_id,
                    row_number() OVER (ORDER BY s.happens_at, s.id) AS n
                FROM reminders.subject s JOIN reminders.party rp ON rp.subject_id = s.id AND rp.role = 'recruiter'
                JOIN reminders.party cp ON cp.subject_id = s.id AND cp.role = 'candidate'
                WHERE s.type = 'booking' AND (s.happens_at, s.id) > ($3::timestamptz, $4::bigint) AND s.happens_at < $2::timestamptz
                  AND $1::bigint IS NULL
                ORDER BY s.happens_at, s.id LIMIT $6 /* end */) b
            LEFT JOIN LATERAL (
                SELECT o.id, o.kind, o.state, o.due_at, o.decided_by FROM reminders.occurrence o
                WHERE o.subject_id = b.id AND o.version = b.version AND o.recipient_id = b.candidate_id AND o.has_buttons
                ORDER BY o.id DESC LIMIT 1) q ON true
            LEFT JOIN LATERAL (
                SELECT x.id, x.state, x.channel FROM reminders.outbox x WHERE x.occurrence_id = q.id AND x.operation = 'send'
                ORDER BY x.id DESC LIMIT 1) m ON true
            ORDER BY b.happens_at, b.id OFFSET 0) d) d
    /* if needs */ WHERE d.needs OR d.is_last ORDER BY d.happens_at, d.id LIMIT $7 /* end */) s
JOIN reminders.recipient c ON c.id = s.candidate_id JOIN reminders.recipient r ON r.id = s.recruiter_id
ORDER BY s.happens_at, s.id
