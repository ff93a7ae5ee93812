-- What waited for an address until it was no longer useful.
WITH expired AS (
    UPDATE reminders.occurrence SET state = 'skipped', reason = 'no address until it was no longer useful'
    WHERE state = 'waiting' AND useful_until <= now() AND id /* if among */ = ANY /* else */ <> ALL /* end */ ($1)
    RETURNING id, subject_id, has_buttons),
unreported AS (
    SELECT subject_id, has_buttons, 'reminder_skipped' AS event, 'occurrence ' || id || ' had no address' AS cause FROM expired)
/* include Ledger/Sql/tell-recruiter.sql */
