-- What was asked for again and held back, newest first, $6 at most: of the kind $1 and by a rule like one of $2, or any, before ($3, $4,
-- $5). Each with the row that decided, and that one's message.
--
-- Plan: backwards along suppression_first; the rest by primary key.
SELECT x.occurrence_id, x.rule, x.count, x.first_at, x.last_at, x.last_by, o.kind, s.type, s.key, o.version, r.name,
       (SELECT m.id FROM reminders.outbox m WHERE m.occurrence_id = o.id AND m.operation = 'send' ORDER BY m.id DESC LIMIT 1)
FROM reminders.suppression x
JOIN reminders.occurrence o ON o.id = x.occurrence_id
JOIN reminders.subject s ON s.id = o.subject_id
JOIN reminders.recipient r ON r.id = o.recipient_id
WHERE ($1::text = '' OR o.kind = $1::text) AND ($2::text[] IS NULL OR x.rule ILIKE ANY ($2::text[]))
  AND ($3::timestamptz IS NULL OR (x.first_at, x.occurrence_id, x.rule) < ($3::timestamptz, $4::bigint, $5::text))
ORDER BY x.first_at DESC, x.occurrence_id DESC, x.rule DESC LIMIT $6
