-- Stores updates of the source $1, each under its id, and counts those that are new.
--
-- Plan: nothing is looked for. ON CONFLICT asks the identity's index once for each.
WITH given AS (
    SELECT DISTINCT ON (provider_id, content_id) provider_id, content_id, sender, payload, rank
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS t (provider_id, content_id, sender, payload, rank)
    ORDER BY provider_id, content_id, rank),
stored AS (
    INSERT INTO reminders.inbound_update AS u (source, provider_id, content_id, sender, payload)
    SELECT $1, provider_id, content_id, sender, payload::jsonb FROM given ORDER BY rank
    ON CONFLICT (source, provider_id, content_id) DO UPDATE SET repeats = u.repeats + 1
    RETURNING u.repeats),
woken AS (SELECT pg_notify('reminders_inbound', ''))
SELECT count(*) FILTER (WHERE repeats = 0), (SELECT count(*) FROM woken) FROM stored
