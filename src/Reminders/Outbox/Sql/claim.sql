-- Takes up to $4 due messages of the channel $2 under a lease, at most $3 of each kind $1.
--
-- Plan: outbox_due holds only what waits, by (channel, kind, due_at, id), so each kind is one short walk from its oldest
-- row to its LIMIT; now() and not clock_timestamp(), because a volatile function could not bound that walk. SKIP LOCKED
-- lets nodes claim beside each other. The rows are then written by their ids as an array: as a join, a large claim would
-- be a reason to read the whole table.
WITH due AS MATERIALIZED (
    SELECT m.id
    FROM unnest($1::text[]) AS k (kind) CROSS JOIN LATERAL (
        SELECT id FROM reminders.outbox
        WHERE channel = $2 AND kind = k.kind AND queue = 'due' AND due_at <= now()
          -- What this node leaves alone, or only what is being tried by itself.
          AND id /* if among */ = ANY /* else */ <> ALL /* end */ ($7)
        ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED) m
    WHERE NOT EXISTS (SELECT FROM reminders.channel c WHERE c.name = $2 AND /* include Outbox/Sql/channel-shut.sql */)
      AND k.kind NOT IN (SELECT kind FROM reminders.paused_kind)
    -- Of a channel on trial one goes, and the others are given back: 50 to choose from are enough.
    LIMIT (SELECT CASE WHEN EXISTS (SELECT FROM reminders.channel c WHERE c.name = $2 AND /* include Outbox/Sql/channel-on-trial.sql */)
                       THEN least($4, 50) ELSE $4 END)),
leased AS (
    UPDATE reminders.outbox m
    SET state = 'sending', lease_token = m.lease_token + 1, lease_until = clock_timestamp() + $5, leased_by = $6,
        claimed_at = clock_timestamp(), send_started_at = NULL
    WHERE m.id = ANY (ARRAY(SELECT id FROM due))
    RETURNING m.id, m.lease_token, m.lease_until),
noted AS (
    /* include Outbox/Sql/note-leases.sql */)
SELECT id, lease_token FROM leased
