-- What waited for an address until it was no longer useful.
WITH expired AS (
    UPDATE reminders.occurrence SET state = 'skipped', reason = 'no address until it was no longer useful'
    WHERE state = 'waiting' AND useful_until <= now() AND id /* if among */ = ANY /* else */ <> ALL /* end */ ($1)
    RETURNING id, subject_id, has_buttons)
INSERT INTO reminders.event (subject_id, name, cause)
SELECT subject_id, 'reminder_skipped', 'occurrence ' || id || ' had no address' FROM expired WHERE has_buttons
