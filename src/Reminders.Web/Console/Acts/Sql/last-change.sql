-- When the booking that the audit calls $1 was changed last, and by whom, without the way they came (console, cli, api). What the audit
-- does not know of was an answer: a button, or the link in a message.
SELECT s.changed_at,
       (SELECT regexp_replace(a.actor, '^[a-z]+:', '') FROM reminders.audit a
        WHERE a.about = $1 AND NOT a.refused AND a.at >= s.changed_at ORDER BY a.id DESC LIMIT 1)
FROM reminders.subject s WHERE s.type = 'booking' AND s.key = substring($1 FROM '^booking (.*)$')
