-- The people $1 (references) called $2, of the owner $3, where they are missing. Who was erased stays erased: their identity is there.
INSERT INTO reminders.recipient (owner, reference, name, locale, zone)
SELECT $3, reference, name, 'en', 'UTC' FROM unnest($1::text[], $2::text[]) AS t (reference, name) ORDER BY reference
ON CONFLICT ON CONSTRAINT recipient_identity DO NOTHING
