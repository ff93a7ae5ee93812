-- The state of the rows is for people to read, and for those who opted out and were given another address by their app.
-- Whoever is given the address while this commits is judged by opt_out itself.
WITH meant AS MATERIALIZED (
    SELECT reminders.address_key($1, $2) AS key WHERE $2 IS NOT NULL
    UNION
    SELECT a.key FROM reminders.address a JOIN reminders.recipient r ON r.id = a.recipient_id
    WHERE a.channel = $1 AND r.unsubscribe_code = $3),
kept AS (
    INSERT INTO reminders.opt_out (key, channel) SELECT key, $1 FROM meant WHERE $4 ORDER BY key
    ON CONFLICT DO NOTHING),
lifted AS (DELETE FROM reminders.opt_out o USING meant WHERE NOT $4 AND o.key = meant.key),
changed AS (
    UPDATE reminders.address a
    SET state = CASE WHEN $4 THEN 'opted_out' ELSE 'reachable' END, reason = CASE WHEN $4 THEN 'asked_for_it' END,
        changed_at = clock_timestamp()
    FROM meant WHERE a.key = meant.key AND (a.state = 'opted_out') <> $4)
SELECT (SELECT count(*) FROM meant),
       array(SELECT a.recipient_id FROM reminders.address a JOIN meant ON meant.key = a.key ORDER BY a.recipient_id)
