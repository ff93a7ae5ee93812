-- The addresses of one bulk, with a line in the audit for each that changed, in the name of $4. What a person bound
-- themselves with /start, on the channel $5, is better known than what an app says, and who opted out stays so.
WITH given AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[]) AS t (recipient_id, channel, address)),
former AS MATERIALIZED (SELECT a.recipient_id, a.channel, a.address FROM reminders.address a JOIN given USING (recipient_id, channel)),
kept AS (
    INSERT INTO reminders.address AS a (recipient_id, channel, address)
    SELECT recipient_id, channel, address FROM given ORDER BY recipient_id, channel
    ON CONFLICT (recipient_id, channel) DO UPDATE
    SET address = excluded.address, reason = CASE a.state WHEN 'opted_out' THEN a.reason END, changed_at = clock_timestamp(),
        state = CASE a.state WHEN 'opted_out' THEN a.state ELSE 'reachable' END
    WHERE a.address <> excluded.address AND (a.channel <> $5 OR a.state = 'unreachable')
    RETURNING recipient_id, channel, address)
INSERT INTO reminders.audit (actor, action, about, before, after)
SELECT $4, 'address.change', 'recipient #' || k.recipient_id,
       CASE WHEN f.address IS NOT NULL THEN jsonb_build_object(k.channel, reminders.masked(f.address)) END,
       jsonb_build_object(k.channel, reminders.masked(k.address))
FROM kept k LEFT JOIN former f USING (recipient_id, channel) ORDER BY k.recipient_id, k.channel
