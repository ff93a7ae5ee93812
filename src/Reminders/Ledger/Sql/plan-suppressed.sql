-- Counts which rows were in the way of plan.sql, in a statement of its own: it must see what was committed meanwhile.
INSERT INTO reminders.suppression AS s (occurrence_id, rule, last_by)
SELECT o.id, 'same_version', $5
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS t (kind, subject_id, version, recipient_id)
JOIN reminders.occurrence o USING (kind, subject_id, version, recipient_id)
ORDER BY o.id
ON CONFLICT (occurrence_id, rule) DO UPDATE
SET count = s.count + 1, last_at = now(), last_by = excluded.last_by
