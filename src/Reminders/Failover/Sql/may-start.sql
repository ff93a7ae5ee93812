-- Whether this node may start anything on this server: it has said to the epoch $7 what it remembers, nobody is waited for, and the
-- server is where it was: on the timeline that the row names, and not behind the position $8 that the node has seen. That is empty
-- where a server does not say. In the statement itself, because behind a pooler a connection outlives its server.
EXISTS (SELECT FROM reminders.cluster c
        WHERE c.epoch = $7::integer AND NOT c.recovering
          AND CASE WHEN $8::pg_lsn IS NULL OR c.timeline IS NULL THEN true
                   ELSE pg_current_wal_lsn() >= $8
                        AND c.timeline = /* include Failover/Sql/timeline.sql */ END)
