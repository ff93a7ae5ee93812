-- How the decision $1 over many messages stands.
SELECT b.id, b.act, b.selection::text, b.reason, b.asked_by, b.asked_at, b.total, b.stopped_by, b.ended_at,
       (SELECT count(*) FROM reminders.bulk_message m WHERE m.bulk_id = b.id AND m.done_at IS NOT NULL AND m.refusal IS NULL),
       (SELECT count(*) FROM reminders.bulk_message m WHERE m.bulk_id = b.id AND m.refusal IS NOT NULL)
FROM reminders.bulk_action b WHERE b.id = $1
