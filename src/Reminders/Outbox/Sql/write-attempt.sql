-- Writes what a try came to, once for each lease. A FROM that names t follows, with the columns that are read here, and a
-- word on conflicts: whoever settled under that lease has written its attempt already.
INSERT INTO reminders.attempt AS a (message_id, lease_token, node, claimed_at, started_at, outcome, detail)
SELECT t.id, t.lease_token, t.leased_by, t.claimed_at, t.started_at, t.outcome, t.detail
