-- What keeps the messages of the occurrences $1.
SELECT j.id, j.unwanted, j.past_use, j.opted_out, j.unreachable, j.lease_over, j.quiet_until, j.throttled_until
FROM (SELECT a.id, /* include Outbox/Sql/still-wanted.sql */, coalesce(a.lease_until <= clock_timestamp(), false) AS lease_over,
             CASE WHEN a.operation = 'send' AND r.quiet_from IS NOT NULL
                  THEN nullif(least(reminders.quiet_until(r.zone, r.quiet_from, r.quiet_to, clock_timestamp()), a.useful_until),
                      a.useful_until)
             END AS quiet_until,
             CASE WHEN t.next_at > clock_timestamp() THEN t.next_at END AS throttled_until
      FROM reminders.occurrence o
      JOIN reminders.subject s ON s.id = o.subject_id
      JOIN reminders.outbox a ON a.occurrence_id = o.id
      JOIN reminders.recipient r ON r.id = a.recipient_id
      /* include Outbox/Sql/still-wanted-joins.sql */
      LEFT JOIN reminders.throttle t ON t.channel = a.channel AND t.address = ad.address
      WHERE o.id = ANY ($1) AND a.state IN ('pending', 'retry', 'sending')) j
