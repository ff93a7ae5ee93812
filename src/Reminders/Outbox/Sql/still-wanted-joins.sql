-- What still-wanted.sql asks besides a message a, its occurrence o and its subject s: the address ad, whether it has
-- opted out, and what is left of a digest.
LEFT JOIN reminders.address ad ON ad.recipient_id = a.recipient_id AND ad.channel = a.channel
LEFT JOIN reminders.opt_out gone ON gone.key = ad.key
-- A digest says what of it is still wanted.
LEFT JOIN LATERAL (
    SELECT jsonb_agg(ds.data || coalesce(/* include Ledger/Sql/data-of-d.sql */, '{}') ORDER BY d.due_at, d.id) AS data,
           array_agg(d.id || '.' || extract(epoch FROM d.planned_at)) AS parts
    FROM reminders.occurrence d JOIN reminders.subject ds ON ds.id = d.subject_id
    WHERE o.digest_of IS NOT NULL AND d.digest_of = o.id AND d.state = 'fired' AND reminders.unwanted(d, ds) IS NULL) digest ON true
