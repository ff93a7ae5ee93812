-- What still waits to be done, a line each: due occurrences, messages due within a minute, updates and events.
SELECT 'occurrence ' || id || ' is planned' FROM reminders.occurrence WHERE state = 'planned' AND due_at <= now()
UNION ALL
SELECT operation || ' ' || id || ' is ' || state || coalesce(', leased by ' || leased_by, '') || ', due in '
    || date_trunc('second', due_at - now())
FROM reminders.outbox WHERE state IN ('pending', 'retry', 'sending') AND due_at <= now() + interval '1 minute'
UNION ALL
SELECT 'update ' || provider_id || ' of ' || sender || ', tried ' || attempts || ' times, due in '
    || date_trunc('second', due_at - now())
FROM reminders.inbound_update WHERE state = 'received'
UNION ALL
SELECT 'event ' || id || ': ' || name FROM reminders.event
