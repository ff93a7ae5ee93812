-- What waited for an address until it was no longer useful.
WITH expired AS (
    UPDATE reminders.occurrence SET state = 'skipped', reason = 'no_address_in_time'
    WHERE state = 'waiting' AND useful_until <= now() AND id /* if among */ = ANY /* else */ <> ALL /* end */ ($1)
    RETURNING id, subject_id, version, kind, recipient_id, reason, has_buttons, gen_random_uuid() AS event_id),
told AS (
    INSERT INTO reminders.webhook_event (event_id, type, subject_id, occurrence_id, version, kind, recipient_id, reason)
    SELECT event_id, 'message.unreachable', subject_id, id, version, kind, recipient_id, reason
    FROM expired WHERE reminders.is_wanted('message.unreachable')
    ON CONFLICT ON CONSTRAINT webhook_event_identity DO NOTHING),
heard AS (
    INSERT INTO reminders.app_event (event_id, type, subject_id, occurrence_id, version, kind, recipient_id, reason)
    SELECT event_id, 'message.unreachable', subject_id, id, version, kind, recipient_id, reason
    FROM expired WHERE reminders.is_heard('message.unreachable')
    ON CONFLICT ON CONSTRAINT app_event_identity DO NOTHING),
unreported AS (
    SELECT subject_id, has_buttons, 'reminder_skipped' AS event, 'occurrence ' || id || ' had no address' AS cause FROM expired)
/* include Ledger/Sql/tell-recruiter.sql */
