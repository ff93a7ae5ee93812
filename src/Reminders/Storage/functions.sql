-- The predicates that several statements share. They are replaced at each start of a build that is not older than the
-- database, so a change is made here and nowhere else. During a rolling upgrade both builds' statements meet the newer
-- ones: a change must suit the statements of both, and comes with a numbered script (which may do nothing but say so), because
-- that is how an older build knows that it is older.
--
-- Each in SQL becomes part of the statement that asks it, and costs next to nothing. PostgreSQL calls it instead, at 8 µs a row, as
-- soon as anything in it may change between two calls, as bigint || text may and text || text may not; a test looks. One that reads a
-- table is always called, and in SQL it would be parsed and planned anew by each statement that asks (0.1 to 0.2 ms, most of what it
-- costs to find one booking): so these are in PL/pgSQL, which keeps their plans for as long as the session lasts.
--
-- Not here: what stored keys are made of (address_key, pseudonym) and triggers. To change those is to change the data.

-- What an answer that closes the question makes of its subject.
CREATE OR REPLACE FUNCTION reminders.made_by(answer text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE answer WHEN 'confirm' THEN 'confirmed' WHEN 'decline' THEN 'declined' ELSE answer END
$function$;

-- How the question about a subject stands: open, answered (changeable, or closed for good), or off. What an app says of a subject of its
-- own, whatever it calls it, is open to an answer until there is one that closes it, or it is off. An answer counts for the version
-- it was given for, and while the status is what it made of it.
CREATE OR REPLACE FUNCTION reminders.question(s reminders.subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN s.status = 'cancelled' THEN 'off'
                WHEN s.answer_version = s.version AND s.answer_then <> 'open' AND s.status = reminders.made_by(s.answer) THEN s.answer_then
                WHEN s.status = 'confirmed' THEN 'changeable'
                WHEN s.status = 'declined' THEN 'closed'
                WHEN s.status = 'approved' OR s.status = s.applied_status THEN 'open'
                ELSE 'off' END
$function$;

-- Why an occurrence is not wanted any more, by its subject as it is now; null while it is. As Words/Reasons.cs has it.
CREATE OR REPLACE FUNCTION reminders.unwanted(o reminders.occurrence, s reminders.subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN o.fenced AND o.version <> s.version THEN 'superseded ' || s.version::text
                WHEN o.superseded_by IS NOT NULL THEN 'superseded ' || o.superseded_by::text
                WHEN cardinality(o.wanted_in) > 0 AND s.status <> ALL (o.wanted_in) THEN 'subject_is: ' || s.status
                -- What asks and does not say when it is wanted asks until it is answered.
                WHEN o.has_buttons AND cardinality(o.wanted_in) = 0 AND reminders.question(s) IN ('changeable', 'closed')
                    THEN 'subject_is: ' || s.status END
$function$;

-- The answer that stands; null while there is none.
CREATE OR REPLACE FUNCTION reminders.standing_answer(s reminders.subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN s.status = 'confirmed' THEN 'confirm'
                WHEN s.status = 'declined' THEN 'decline'
                WHEN s.answer_version = s.version AND (s.answer_then = 'open' OR s.status = reminders.made_by(s.answer)) THEN s.answer END
$function$;

-- For the statements of builds before 35, which know of confirm and decline alone.
CREATE OR REPLACE FUNCTION reminders.answered_as(s reminders.subject)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE reminders.question(s) WHEN 'open' THEN 'approved' ELSE s.status END
$function$;

-- Whether a subject is that recruiter's, or nobody in particular asks.
CREATE OR REPLACE FUNCTION reminders.recruited_by(s reminders.subject, recruiter bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN recruiter IS NULL OR EXISTS (
        SELECT FROM reminders.party p WHERE p.subject_id = s.id AND p.role = 'recruiter' AND p.recipient_id = recruiter);
END $function$;

-- Whether somebody has been told of an occurrence, or may have been: sent, in doubt, on its way, or in their inbox.
CREATE OR REPLACE FUNCTION reminders.is_announced(of_occurrence bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN EXISTS (
        SELECT FROM reminders.outbox m
        WHERE m.occurrence_id = of_occurrence AND m.operation = 'send'
          AND (m.state IN ('sent', 'uncertain') OR m.state = 'sending' AND m.send_started_at IS NOT NULL))
        OR EXISTS (SELECT FROM reminders.inbox_item i WHERE i.occurrence_id = of_occurrence);
END $function$;

-- Whether what an occurrence would say is still so: its version is the subject's, or says the same and nothing else was announced since.
CREATE OR REPLACE FUNCTION reminders.still_says_so(of_occurrence bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN (
        SELECT NOT o.fenced OR o.version = s.version OR o.told = s.told AND NOT EXISTS (
            SELECT FROM reminders.occurrence later
            WHERE later.subject_id = o.subject_id AND later.kind = o.kind AND later.recipient_id = o.recipient_id
              AND later.version > o.version AND later.told <> o.told AND reminders.is_announced(later.id))
        FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
        WHERE o.id = of_occurrence);
END $function$;

-- Whether a person wants a kind over a channel: what they said of both, else of the kind, else of the channel, else yes.
CREATE OR REPLACE FUNCTION reminders.wants(of_recipient bigint, of_kind text, on_channel text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN coalesce((
        SELECT wanted FROM reminders.preference
        WHERE recipient_id = of_recipient AND kind IN (of_kind, '*') AND channel IN (on_channel, '*')
        ORDER BY kind = '*', channel = '*' LIMIT 1), true);
END $function$;

-- An instant as a zone's clocks show it; null for a zone that PostgreSQL does not know.
CREATE OR REPLACE FUNCTION reminders.local_time(zone text, instant timestamp with time zone)
 RETURNS timestamp without time zone
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN instant AT TIME ZONE zone;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN NULL;
END $function$;

-- When a zone's clocks show a time; where they are put forward over it, the first instant after.
CREATE OR REPLACE FUNCTION reminders.clock_shows(zone text, shown timestamp without time zone)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE
AS $function$
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
END $function$;

-- Until when it is quiet for somebody, at an instant; null when it is not.
CREATE OR REPLACE FUNCTION reminders.quiet_until(zone text, quiet_from time without time zone, quiet_to time without time zone,
    instant timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE
AS $function$
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
END $function$;

-- An address as the audit may show it.
CREATE OR REPLACE FUNCTION reminders.masked(address text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN address LIKE '%@%' THEN left(address, 1) || '…@' || split_part(address, '@', 2)
                WHEN length(address) > 4 THEN '…' || right(address, 3)
                ELSE '…' END
$function$;

-- Whether a webhook asks for a type of event. Whoever asks says so every hour: a day after the last of them, nothing piles up any more.
CREATE OR REPLACE FUNCTION reminders.is_wanted(of_type text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN EXISTS (SELECT FROM reminders.webhook WHERE of_type = ANY (events) AND wanted_at > now() - interval '1 day');
END $function$;

-- The same of the app's own handlers.
CREATE OR REPLACE FUNCTION reminders.is_heard(of_type text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN EXISTS (SELECT FROM reminders.app_listening WHERE type = of_type AND wanted_at > now() - interval '1 day');
END $function$;
