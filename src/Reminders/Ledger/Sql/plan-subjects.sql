-- The subjects $1 as they are, and whom they are for: by primary key, then by the prefix of party's.
SELECT now(), s.id, s.type, s.version, s.status, s.happens_at, s.told,
       array_agg(p.role ORDER BY p.role, p.recipient_id), array_agg(p.recipient_id ORDER BY p.role, p.recipient_id)
FROM reminders.subject s JOIN reminders.party p ON p.subject_id = s.id
JOIN reminders.recipient r ON r.id = p.recipient_id AND r.erased_at IS NULL
WHERE s.id = ANY ($1)
GROUP BY s.id
