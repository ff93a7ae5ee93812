-- The oldest $3 of the dead that could be of use, of the kind $1 and with one of the patterns $2 as their reason, if given.
SELECT id FROM (
    SELECT m.id, o.subject_id
    FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
    WHERE m.died_at IS NOT NULL AND m.operation = 'send' AND m.useful_until > now()
      AND ($1::text IS NULL OR m.kind = $1) AND ($2::text[] IS NULL OR m.reason ILIKE ANY ($2))
      AND NOT EXISTS (SELECT FROM reminders.outbox n
                      WHERE n.occurrence_id = m.occurrence_id AND n.channel = m.channel AND n.number > m.number)
    ORDER BY m.died_at, m.id LIMIT $3) oldest
ORDER BY subject_id, id
