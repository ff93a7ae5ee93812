-- What the renderer needs to write the message $2, or the question of the booking $1 (of its messages the newest that was sent, else the
-- newest), as it stands with its recipient now; and how far that has come.
--
-- Plan: the subject by its identity, its occurrences and their messages by theirs, the rest by primary key.
WITH picked AS MATERIALIZED (
    (SELECT o.id AS occurrence, m.id AS message
     FROM reminders.subject s JOIN reminders.occurrence o ON o.subject_id = s.id
     LEFT JOIN LATERAL (
         SELECT x.id, x.state FROM reminders.outbox x WHERE x.occurrence_id = o.id AND x.operation = 'send'
         ORDER BY x.state = 'sent' DESC, x.id DESC LIMIT 1) m ON true
     WHERE s.type = 'booking' AND s.key = $1::text AND o.has_buttons AND (m.id IS NOT NULL OR o.state IN ('planned', 'waiting'))
     ORDER BY coalesce(m.state = 'sent', false) DESC, o.id DESC LIMIT 1)
    UNION ALL
    SELECT a.occurrence_id, coalesce(a.target_id, a.id) FROM reminders.outbox a WHERE a.id = $2::bigint)
SELECT o.kind, m.channel, r.name, r.locale, r.zone, s.status, s.happens_at, s.data::text,
       (CASE WHEN o.digest_of IS NULL THEN coalesce(o.data, (SELECT x.data FROM reminders.shared_data x WHERE x.id = o.data_id))
             ELSE (SELECT jsonb_agg(ds.data
                                    || coalesce(d.data, (SELECT x.data FROM reminders.shared_data x WHERE x.id = d.data_id), '{}')
                                    ORDER BY d.due_at, d.id)
                   FROM reminders.occurrence d JOIN reminders.subject ds ON ds.id = d.subject_id
                   WHERE d.digest_of = o.id AND d.state = 'fired') END)::text,
       CASE WHEN NOT EXISTS (SELECT FROM reminders.party p WHERE p.subject_id = s.id AND p.recipient_id = o.recipient_id) THEN 'gone'
            WHEN reminders.still_says_so(o.id) THEN 'current' ELSE 'replaced' END,
       m.state, m.settled_at, e.settled_at AS edited_at, coalesce(e.open, false), m.send_started_at, e.begun_at
FROM picked
JOIN reminders.occurrence o ON o.id = picked.occurrence
JOIN reminders.subject s ON s.id = o.subject_id
JOIN reminders.recipient r ON r.id = o.recipient_id
LEFT JOIN reminders.outbox m ON m.id = picked.message
LEFT JOIN LATERAL (
    SELECT max(x.settled_at) FILTER (WHERE x.state = 'sent') AS settled_at,
           max(x.send_started_at) FILTER (WHERE x.state = 'sent') AS begun_at,
           bool_or(x.state IN ('pending', 'retry', 'sending', 'uncertain')) AS open
    FROM reminders.outbox x WHERE x.target_id = m.id) e ON true
