-- Tells the person at $2 on the channel $1 that nothing is open, as the kind $3, at most every $4.
-- Told where they wrote, and so not left to the kind's order of channels. What it is about is the conversation, each telling
-- of it a version; as the greeting is about the person, neither can supersede the other.
WITH person AS (
    SELECT a.recipient_id FROM reminders.address a
    WHERE a.key = reminders.address_key($1, $2) AND a.channel = $1 ORDER BY a.recipient_id LIMIT 1),
turn AS (
    INSERT INTO reminders.reply AS r (key, what) SELECT reminders.address_key($1, $2), 'nothing' FROM person
    ON CONFLICT (key, what) DO UPDATE SET at = clock_timestamp() WHERE r.at < clock_timestamp() - $4::interval
    RETURNING 1),
conversation AS (
    INSERT INTO reminders.subject AS s (type, key, status, created_by)
    SELECT 'conversation', p.recipient_id::text, 'open', 'engine' FROM person p WHERE EXISTS (SELECT FROM turn)
    ON CONFLICT ON CONSTRAINT subject_identity DO UPDATE SET version = s.version + 1, changed_at = now()
    RETURNING s.id, s.version, s.told),
answered AS (
    INSERT INTO reminders.occurrence
        (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until, planned_by, fired_at, fired_by)
    SELECT $3, c.id, c.version, p.recipient_id, 'fired', '{}', c.told || '/v' || c.version, now(), now() + $5::interval, 'engine', now(),
        'engine'
    FROM conversation c CROSS JOIN person p
    RETURNING id, kind, recipient_id, useful_until),
queued AS (
    INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, on_request)
    SELECT id, kind, recipient_id, $1, 'send', 'pending', now(), useful_until, true FROM answered)
SELECT (SELECT count(*) FROM answered)::integer, (SELECT pg_notify('reminders_outbox', '') FROM answered)
