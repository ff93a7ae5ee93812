-- Makes $1 people, each with an access token of which $2 has the hash, in the order in which they are returned.
WITH person AS (
    INSERT INTO reminders.recipient (reference, name, locale, zone)
    SELECT 'reader:' || n, 'Reader ' || n, CASE n % 2 WHEN 0 THEN 'en' ELSE 'ru' END, 'Europe/Moscow'
    FROM generate_series(1, $1) n RETURNING id, reference),
token AS (
    INSERT INTO reminders.access_token (hash, recipient_id, issued_by, expires_at)
    SELECT t.hash, person.id, 'bench', now() + interval '1 day'
    FROM unnest($2::bytea[]) WITH ORDINALITY AS t (hash, n) JOIN person ON person.reference = 'reader:' || t.n)
SELECT id FROM person ORDER BY id
