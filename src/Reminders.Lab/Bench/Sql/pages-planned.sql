-- Plans the question of every booking to come, with its instants.
WITH planned AS (
    INSERT INTO reminders.occurrence
        (kind, subject_id, version, recipient_id, state, wanted_in, told, has_buttons, due_at, useful_until, planned_by)
    SELECT 'CONFIRM_2H', s.id, 1, p.recipient_id, 'planned', '{approved}', s.told, true, s.happens_at - interval '2 hours',
           s.happens_at - interval '10 minutes', 'bench'
    FROM reminders.subject s JOIN reminders.party p ON p.subject_id = s.id AND p.role = 'candidate'
    WHERE s.type = 'booking' AND s.happens_at > now()
    ORDER BY s.id
    RETURNING kind, due_at)
INSERT INTO reminders.instant (kind, due_second) SELECT DISTINCT kind, due_at FROM planned
