-- Adds the counts that follow to their minutes and hours; a FROM that names them c follows.
INSERT INTO reminders.tally AS t (size, at, kind, channel, outcome, bucket, count)
SELECT s.size, date_bin(s.length, c.at, timestamptz 'epoch') AS since, c.kind, c.channel, c.outcome, c.bucket, sum(c.count)
FROM (VALUES ('minute', interval '1 minute', interval '2 days'), ('hour', '1 hour', '90 days')) AS s (size, length, kept)
