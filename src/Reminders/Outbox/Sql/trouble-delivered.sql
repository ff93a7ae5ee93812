-- A message that began at $2 was delivered: the channel $1 is not broken, and the run of doubts is over unless it rests.
UPDATE reminders.channel
SET broken_since = NULL, pause_reason = CASE WHEN broken_since IS NULL THEN pause_reason END,
    sent_since = sent_since OR coalesce(throttled_at < $2, false),
    doubts = CASE WHEN rests_since IS NULL THEN 0 ELSE doubts END,
    doubted = CASE WHEN rests_since IS NULL THEN '{}' ELSE doubted END,
    doubts_since = CASE WHEN rests_since IS NULL THEN NULL ELSE doubts_since END
WHERE name = $1 AND (broken_since IS NOT NULL OR NOT sent_since AND throttled_at < $2 OR doubts > 0 AND rests_since IS NULL)
