-- People that $1 may mean: their number at the app, the beginning of a name, a chat, an e-mail address, a phone. $2: how many.
--
-- Plan: by the unique reference, by an address' index, and by the beginning of the name.
SELECT id, reference, name, owner, zone FROM (
    SELECT r.*, 1 AS rank FROM reminders.recipient r WHERE r.reference = $1 AND r.erased_at IS NULL
    UNION
    SELECT r.*, 2 FROM reminders.address a JOIN reminders.recipient r ON r.id = a.recipient_id
    WHERE a.address = ANY (ARRAY[$1, lower($1), ltrim($1, '+')]) AND a.channel = ANY ($3) AND r.erased_at IS NULL
    UNION
    (SELECT r.*, 3 FROM reminders.recipient r
     WHERE lower(r.name) LIKE replace(replace(replace(lower($1), '\', '\\'), '%', '\%'), '_', '\_') || '%' AND r.erased_at IS NULL
     -- In the order of the index: in another one all of the letter's would be sorted.
     ORDER BY lower(r.name) USING ~<~ LIMIT $2)) found
ORDER BY rank, id DESC LIMIT $2
