-- People of the reference $2, or any, and of the owner $4, or any, whose reference is $1 or whose name begins so, or any: $3 at most.
--
-- Plan: by the reference, and by the beginning of the name.
SELECT r.id FROM reminders.recipient r
WHERE r.erased_at IS NULL AND ($4::text IS NULL OR r.owner = $4::text) AND ($2::text IS NULL OR r.reference = $2::text)
  AND ($1::text IS NULL OR r.reference = $1::text
       OR lower(r.name) LIKE replace(replace(replace(lower($1::text), '\', '\\'), '%', '\%'), '_', '\_') || '%')
LIMIT $3
