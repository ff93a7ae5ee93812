-- works beside builds from: 22

-- A dispatcher takes what is due of a kind straight from the ledger, the oldest first, whatever waits of other kinds.
CREATE INDEX occurrence_due_of_kind ON reminders.occurrence (kind, due_at, id) WHERE state = 'planned';
DROP INDEX reminders.occurrence_due;
ALTER INDEX reminders.occurrence_due_of_kind RENAME TO occurrence_due;

-- It was asked of every message by a lock on its occurrence, which the same statement had just written.
ALTER TABLE reminders.outbox DROP CONSTRAINT outbox_occurrence_id_fkey;

-- Every try there was. One that was accepted at once is not written as an attempt: its message says all of it. A lease that was
-- lost is the attempt before, under the token before.
CREATE VIEW reminders.every_attempt AS
SELECT message_id, lease_token, node, claimed_at, started_at, settled_at, outcome, detail FROM reminders.attempt
UNION ALL
SELECT m.id, m.lease_token, m.leased_by, m.claimed_at, m.send_started_at, m.settled_at, 'sent', NULL
FROM reminders.outbox m
-- Dead under an id of the provider's is what it took back later.
WHERE (m.state = 'sent' OR m.state = 'dead' AND m.provider_message_id IS NOT NULL)
  AND m.send_started_at IS NOT NULL AND m.leased_by IS NOT NULL
  AND NOT EXISTS (SELECT FROM reminders.attempt a
                  WHERE a.message_id = m.id
                    AND (a.lease_token = m.lease_token OR a.lease_token = m.lease_token - 1 AND a.outcome = 'lease lost'));
