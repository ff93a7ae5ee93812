-- The same of what the occurrences $9 sent, all of which is looked at.
--
-- Plan: each one's messages by the prefix of their identity.
SELECT m.id, m.created_at AS at, false AS is_end
FROM unnest($9::bigint[]) AS o (id)
CROSS JOIN LATERAL (SELECT * FROM reminders.outbox y WHERE y.occurrence_id = o.id ORDER BY y.id LIMIT $3) m
WHERE (m.created_at, m.id) < ($1::timestamptz, $2::bigint) AND /* include Lists/Sql/search-matches.sql */
ORDER BY m.created_at DESC, m.id DESC LIMIT $4
