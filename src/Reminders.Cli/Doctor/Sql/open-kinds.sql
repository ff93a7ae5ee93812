-- What is open of kinds that are none of $1: nobody fires or claims it.
--
-- Plan: the outbox is asked queue by queue, since each of its indexes holds one of them, and no index all that is open.
SELECT kind, count(*) FROM (
    SELECT kind FROM reminders.occurrence WHERE state IN ('planned', 'waiting')
    UNION ALL
    SELECT kind FROM reminders.outbox WHERE queue = 'due'
    UNION ALL
    SELECT kind FROM reminders.outbox WHERE queue = 'held'
    UNION ALL
    SELECT kind FROM reminders.under_way) open
WHERE kind <> ALL ($1) GROUP BY kind ORDER BY kind
