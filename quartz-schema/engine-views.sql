-- Quartz's triggers beside the engine's ledger; needs reminders.occurrence, so it runs after the engine's scripts.

-- Each trigger that is set, and how many occurrences wait for it. None is harmless: the subjects moved or were
-- cancelled, and the firing will find nothing to do.
CREATE OR REPLACE VIEW quartz.due AS
SELECT t.scheduler,
       t.kind,
       t.due_second,
       t.next_fire_at,
       t.state,
       t.late_by,
       (SELECT count(*) FROM reminders.occurrence o
        WHERE o.kind = t.kind AND o.state = 'planned'
          -- Nothing fires early: what is due within a second waits for its end.
          AND o.due_at > t.due_second - interval '1 second' AND o.due_at <= t.due_second) AS waiting,
       t.retry_attempt,
       t.trigger_name,
       t.trigger_group
FROM quartz.triggers t;

-- Planned occurrences no trigger is set for. The reconciler puts the triggers back; a row that stays here for longer
-- than its round means that no node runs; except what waits for what it follows (a kind's After), which the reconciler asks
-- about again every few seconds without a trigger.
CREATE OR REPLACE VIEW quartz.untriggered AS
SELECT p.kind, p.due_second, p.waiting, now() - p.due_second AS late_by
FROM (SELECT o.kind, date_bin('1 second', o.due_at + interval '999999 microseconds', timestamptz 'epoch') AS due_second,
             count(*) AS waiting
      FROM reminders.occurrence o
      WHERE o.state = 'planned'
      GROUP BY 1, 2) p
WHERE NOT EXISTS (SELECT FROM quartz.triggers t WHERE t.kind = p.kind AND t.due_second = p.due_second);
