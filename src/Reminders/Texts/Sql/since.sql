-- What was set of the texts of the kinds $1 since $2, and what stood then, the newest first.
--
-- Plan: text_version_identity by its kind; there are few.
SELECT v.kind, v.locale, v.version, v.texts::text, v.set_by, v.set_at, v.reason
FROM reminders.text_version v
WHERE v.kind = ANY ($1)
  AND (v.set_at > $2
       OR v.version = (SELECT max(b.version) FROM reminders.text_version b
                       WHERE b.kind = v.kind AND b.locale = v.locale AND b.set_at <= $2))
ORDER BY v.id DESC LIMIT 1000
