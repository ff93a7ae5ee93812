-- Whether a message m is one that is asked for.
($5::text IS NULL OR m.state = $5::text) AND ($6::text IS NULL OR m.kind = $6::text) AND ($7::text IS NULL OR m.channel = $7::text)
  AND ($8::bigint[] IS NULL OR m.recipient_id = ANY ($8::bigint[])) AND ($9::bigint[] IS NULL OR m.occurrence_id = ANY ($9::bigint[]))
  AND ($10::text IS NULL OR m.provider_message_id = $10::text) AND ($11::text[] IS NULL OR m.reason ILIKE ANY ($11::text[]))
  AND ($13::timestamptz IS NULL OR m.created_at >= $13::timestamptz) AND ($14::timestamptz IS NULL OR m.created_at < $14::timestamptz)
  AND ($12::text IS NULL OR EXISTS (
      SELECT FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
      WHERE o.id = m.occurrence_id AND s.owner = $12::text))
