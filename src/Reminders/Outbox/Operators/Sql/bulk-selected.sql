-- A row m of reminders.outbox that somebody has chosen, by what they gave.
($2::text IS NULL OR m.kind = $2) AND ($3::text IS NULL OR m.channel = $3)
AND ($4::text[] IS NULL OR m.reason ILIKE ANY ($4)) AND ($5::bigint[] IS NULL OR m.id = ANY ($5))
