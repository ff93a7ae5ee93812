-- Counts every message as the minute's look would have by now: twenty thousand at a time, that takes it some minutes.
WITH counted AS (
    INSERT INTO reminders.tally (size, at, kind, channel, outcome, bucket, count)
    SELECT size, date_bin(CASE size WHEN 'hour' THEN interval '1 hour' ELSE interval '1 minute' END, settled_at, timestamptz 'epoch') AS at,
           kind, channel, state, 4, count(*)
    FROM reminders.outbox CROSS JOIN (VALUES ('hour', interval '90 days'), ('minute', interval '2 days')) AS s (size, kept)
    WHERE settled_at > now() - kept
    GROUP BY size, 2, kind, channel, state),
doubted AS (
    INSERT INTO reminders.tally_open (message_id, doubted_at) SELECT id, settled_at FROM reminders.outbox WHERE state = 'uncertain')
INSERT INTO reminders.tally_mark (upto) SELECT max(id) FROM reminders.outbox ON CONFLICT (one) DO UPDATE SET upto = excluded.upto
