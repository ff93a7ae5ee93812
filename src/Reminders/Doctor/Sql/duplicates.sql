-- Identities that several rows have, of the ledger and of the outbox, and the first of those rows. Reads both tables: every index is
-- looked past, since it may be what is broken.
SELECT 'outbox', 'outbox_identity', count(*), min(first) FROM (
    SELECT min(m.id) AS first FROM reminders.outbox m
    GROUP BY m.occurrence_id + 0, m.channel || '', m.number, m.revision HAVING count(*) > 1) twice
HAVING count(*) > 0
UNION ALL
SELECT 'occurrence', 'occurrence_identity', count(*), min(first) FROM (
    SELECT min(o.id) AS first FROM reminders.occurrence o
    GROUP BY o.subject_id + 0, o.kind || '', o.version, o.recipient_id HAVING count(*) > 1) twice
HAVING count(*) > 0
