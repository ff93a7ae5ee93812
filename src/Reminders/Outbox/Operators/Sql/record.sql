-- What $4 did to the message $1, as its story ($2) and the audit ($5) call it, for the reason $3; it was $6. The story goes with the
-- message some day, and the audit stays.
WITH told AS (INSERT INTO reminders.operator_action (message_id, action, reason, acted_by) VALUES ($1, $2, $3, $4))
INSERT INTO reminders.audit (actor, action, about, before, after, reason)
VALUES ($4, $5, 'message ' || $1::bigint, jsonb_build_object('state', $6::text), jsonb_build_object('done', $2), $3)
