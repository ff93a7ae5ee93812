-- Doubts that nobody settled while the message was of use.
UPDATE reminders.outbox
SET state = 'dead', reason = 'doubt_past_use', settled_at = clock_timestamp()
WHERE queue = 'held' AND useful_until <= now() AND id /* if among */ = ANY /* else */ <> ALL /* end */ ($1)
