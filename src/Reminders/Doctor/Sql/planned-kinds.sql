-- The kinds that something is planned of: one step in the index for each, however many reminders it has. The last row is NULL.
kind AS (
    (SELECT o.kind FROM reminders.occurrence o WHERE o.state = 'planned' ORDER BY o.kind LIMIT 1)
    UNION ALL
    SELECT (SELECT o.kind FROM reminders.occurrence o WHERE o.state = 'planned' AND o.kind > k.kind ORDER BY o.kind LIMIT 1)
    FROM kind k WHERE k.kind IS NOT NULL)
