-- Why messages of the decision $1 were not decided, with how many and one of them: what differs only in numbers
-- ($2 finds them) is one reason.
SELECT regexp_replace(refusal, $2::text, '…', 'g') AS why, count(*), min(refusal), min(message_id)
FROM reminders.bulk_message WHERE bulk_id = $1 AND refusal IS NOT NULL
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20
