-- What a clock shows in a zone; null where this server does not know the zone. An error would take the whole batch with it.
CREATE FUNCTION reminders.local_time(zone text, instant timestamptz) RETURNS timestamp
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN instant AT TIME ZONE zone;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN NULL;
END $$;

-- The instant at which a clock in the zone shows a time, or passes it by: 02:30 in a night that has no such time is the end of
-- the gap, 03:00 of the new time. PostgreSQL itself goes as far beyond the gap as the time lies in it, and would be silent for
-- half an hour more. A time that comes twice is its second coming.
CREATE FUNCTION reminders.clock_shows(zone text, shown timestamp) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
    later   timestamptz := shown AT TIME ZONE zone;
    gap     interval := (later AT TIME ZONE zone) - shown;
    earlier timestamptz;
    middle  timestamptz;
BEGIN
    IF gap <= interval '0' THEN
        RETURN later;
    END IF;
    -- The clock was put forward somewhere in between; found to the second.
    earlier := later - gap;
    WHILE later - earlier > interval '1 second' LOOP
        middle := earlier + (later - earlier) / 2;
        IF middle AT TIME ZONE zone < shown THEN
            earlier := middle;
        ELSE
            later := middle;
        END IF;
    END LOOP;
    RETURN date_trunc('second', later);
END $$;

CREATE OR REPLACE FUNCTION reminders.quiet_until(zone text, quiet_from time, quiet_to time, instant timestamptz)
RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
    here timestamp;
    ends timestamp;
BEGIN
    here := instant AT TIME ZONE zone;
    ends := here::date + quiet_to;
    IF quiet_from IS NULL OR quiet_from = quiet_to THEN
        RETURN NULL;
    ELSIF quiet_from < quiet_to THEN
        RETURN CASE WHEN here::time >= quiet_from AND here::time < quiet_to THEN reminders.clock_shows(zone, ends) END;
    ELSIF here::time >= quiet_from THEN
        RETURN reminders.clock_shows(zone, ends + interval '1 day');
    ELSE
        RETURN CASE WHEN here::time < quiet_to THEN reminders.clock_shows(zone, ends) END;
    END IF;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN NULL;
END $$;
