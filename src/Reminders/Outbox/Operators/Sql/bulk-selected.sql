-- A row m of reminders.outbox that somebody has chosen, by what they gave; if it is dead, one that has not been sent again.
($2::text IS NULL OR m.kind = $2) AND ($3::text IS NULL OR m.channel = $3) AND ($4::text[] IS NULL OR m.reason ILIKE ANY ($4))
AND ($1 OR NOT EXISTS (SELECT FROM reminders.outbox n
                       WHERE n.occurrence_id = m.occurrence_id AND n.channel = m.channel AND n.number > m.number))
