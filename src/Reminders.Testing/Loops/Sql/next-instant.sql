-- What time it is, and the next instant after $1 at which something is due: planned, past its use, told again, freed; or a doubt of the
-- kinds $2 that has lasted $3.
SELECT clock_timestamp(), min(at) FROM (
    SELECT min(due_at) FROM reminders.occurrence WHERE state = 'planned' AND due_at > $1
    UNION ALL SELECT min(useful_until) FROM reminders.occurrence WHERE state = 'waiting' AND useful_until > $1
    UNION ALL SELECT min(useful_until) FROM reminders.outbox WHERE queue = 'held' AND useful_until > $1
    UNION ALL SELECT min(due_at) FROM reminders.answer_event WHERE died_at IS NULL AND due_at > $1
    UNION ALL SELECT min(due_at) FROM reminders.app_event WHERE died_at IS NULL AND due_at > $1
    UNION ALL SELECT min(lease_until) FROM reminders.under_way WHERE lease_until > $1
    UNION ALL SELECT min(m.settled_at + k.after)
    FROM unnest($2::text[], $3::interval[]) AS k (kind, after) JOIN reminders.outbox m ON m.kind = k.kind
    WHERE m.queue = 'held' AND m.settled_at + k.after > $1) AS next (at)
