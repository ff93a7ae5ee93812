-- Sends the message $1 over the next of its kind's channels $2.
WITH fallen AS (
    /* include Outbox/Sql/next-channel.sql */
    FROM reminders.outbox m CROSS JOIN (SELECT $2::text AS channels) k /* include Outbox/Sql/next-channel-choice.sql */
    WHERE m.id = $1
    ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
    RETURNING 1)
SELECT pg_notify('reminders_outbox', '') FROM fallen
