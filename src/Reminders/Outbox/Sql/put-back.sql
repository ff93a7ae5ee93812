-- After a fail-over that lost commits: puts back that $9 has started these messages, for their outcomes to be settled as ever. $1 names
-- each one's occurrence by what outlives the loss (its id, which may be given away again, and when it was planned), $2 its channel, $3 its
-- number, $4 the token in its row and buttons, $5 the lease's token, $6 the attempts before, $7 when it started, and $8 whether its
-- outcome is a doubt. Kinds of $10 go everywhere: their firing has the rest still to do. $11 is the lease, $12 the parts of digests, each
-- with its lead in $13.
--
-- It does not take away what is known here: of a later try, of an outcome, or of somebody's decision.
--
-- Plan: by primary key from the name's number, and by outbox_identity from there.
WITH told AS MATERIALIZED (
    SELECT r.*, o.id AS occurrence_id, o.kind, o.recipient_id, o.due_at, o.useful_until, o.state AS planned_as, o.reason AS planned_why
    FROM unnest($1::text[], $2::text[], $3::integer[], $4::uuid[], $5::bigint[], $6::integer[], $7::timestamptz[], $8::boolean[])
        AS r (name, channel, number, row_token, lease_token, attempts, started_at, doubtful)
    JOIN reminders.occurrence o ON o.id = split_part(r.name, '.', 1)::bigint
    WHERE o.id || '.' || extract(epoch FROM o.planned_at) = r.name
    ORDER BY o.id FOR UPDATE OF o),
found AS MATERIALIZED (
    SELECT t.*, m.id, m.state,
           m.state = 'sending' AND m.send_started_at IS NOT NULL AND m.press_token = t.row_token
               AND m.lease_token = t.lease_token AS stands,
           m.state IN ('pending', 'retry') AND (m.press_token <> t.row_token OR m.lease_token < t.lease_token)
           OR m.state = 'sending' AND m.send_started_at IS NULL AND (m.press_token <> t.row_token OR m.lease_token <= t.lease_token)
           OR m.state = 'uncertain' AND NOT t.doubtful AS forgot
    FROM told t JOIN reminders.outbox m
        ON m.occurrence_id = t.occurrence_id AND m.channel = t.channel AND m.number = t.number AND m.revision = 0
    FOR UPDATE OF m),
resumed AS (
    UPDATE reminders.outbox m
    SET state = 'sending', press_token = f.row_token, lease_token = f.lease_token, leased_by = $9, send_started_at = f.started_at,
        lease_until = clock_timestamp() + $11::interval, attempts = f.attempts, settled_at = NULL, reason = NULL
    FROM found f WHERE m.id = f.id AND f.forgot
    RETURNING m.id, m.lease_until, m.press_token),
written AS (
    INSERT INTO reminders.outbox
        (occurrence_id, kind, recipient_id, channel, operation, number, state, due_at, useful_until, leased_by, lease_token, lease_until,
         send_started_at, press_token, attempts, stale)
    SELECT t.occurrence_id, t.kind, t.recipient_id, t.channel, 'send', t.number, 'sending', t.due_at, t.useful_until, $9, t.lease_token,
           clock_timestamp() + $11::interval, t.started_at, t.row_token, t.attempts, t.planned_as = 'cancelled'
    FROM told t
    WHERE NOT EXISTS (SELECT FROM found f WHERE f.row_token = t.row_token)
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
    RETURNING id, lease_until, press_token),
fired AS (
    UPDATE reminders.occurrence o SET state = 'fired', fired_at = t.started_at, fired_by = $9, fired_via = NULL, reason = NULL,
        digest_of = CASE WHEN t.name = ANY ($13::text[]) THEN o.id ELSE o.digest_of END
    FROM told t
    WHERE o.id = t.occurrence_id AND o.kind <> ALL ($10::text[])
      AND (o.state IN ('planned', 'waiting')
           OR o.state = 'skipped' AND o.reason ^@ ANY (ARRAY['held_restore: ', 'held_failover: ', 'held after ']))),
gathered AS (
    UPDATE reminders.occurrence o
    SET state = 'fired', fired_at = now(), fired_by = $9, fired_via = NULL, reason = NULL, digest_of = split_part(p.lead, '.', 1)::bigint
    FROM unnest($12::text[], $13::text[]) AS p (name, lead)
    WHERE o.id = split_part(p.name, '.', 1)::bigint AND o.id || '.' || extract(epoch FROM o.planned_at) = p.name
      AND p.name <> p.lead AND p.lead IN (SELECT name FROM told)
      AND (o.state IN ('planned', 'waiting')
           OR o.state = 'skipped' AND o.reason ^@ ANY (ARRAY['held_restore: ', 'held_failover: ', 'held after ']))),
leased AS (
    SELECT id, lease_until FROM resumed UNION ALL SELECT id, lease_until FROM written),
noted AS (
    /* include Outbox/Sql/note-leases.sql */)
-- Whose occurrence is lost has no row here. One with neither an id nor a standing has met a row that was written just now.
SELECT t.row_token, coalesce(r.id, w.id, CASE WHEN f.stands THEN f.id END), f.id IS NOT NULL, coalesce(r.id, w.id) IS NOT NULL
FROM told t
LEFT JOIN found f ON f.row_token = t.row_token
LEFT JOIN resumed r ON r.press_token = t.row_token
LEFT JOIN written w ON w.press_token = t.row_token
