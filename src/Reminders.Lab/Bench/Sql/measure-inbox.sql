-- What became of the reminders that were due in an inbox at $1, and how many milliseconds after that: as measure.sql. An item is there when
-- it is written, which is when its occurrence is fired; by the database's clock throughout.
WITH i AS (
    SELECT extract(epoch FROM i.created_at - o.due_at)::float8 * 1000 AS written
    FROM reminders.inbox_item i JOIN reminders.occurrence o ON o.id = i.occurrence_id
    WHERE i.kind = 'CONFIRM_2H' AND o.due_at = $1)
SELECT count(*), 0::bigint, percentile_cont(0.5) WITHIN GROUP (ORDER BY written), percentile_cont(0.99) WITHIN GROUP (ORDER BY written),
       min(written), max(written), min(written), min(written), max(written)
FROM i
