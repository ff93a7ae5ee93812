-- How many occurrences hold-planned.sql and messages hold-unsent.sql would set aside in all, by their indexes.
SELECT (SELECT count(*) FROM reminders.occurrence o WHERE o.kind = ANY ($1) AND o.state = 'planned' AND o.due_at <= $3::timestamptz),
       (SELECT count(*) FROM reminders.outbox m
        WHERE m.channel = ANY ($2) AND m.kind = ANY ($1) AND m.queue = 'due' AND m.due_at <= $3::timestamptz AND m.operation = 'send')
