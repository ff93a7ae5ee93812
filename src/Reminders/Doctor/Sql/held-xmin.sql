-- Who has kept dead rows of this database from being cleared for longer than $1: sessions, prepared transactions, and replication
-- slots that nobody uses. What each is, since when, and what ends it. What a role may not see of others it does not find.
SELECT what, named, since, ends FROM (
    SELECT 'transaction' AS what,
           ARRAY[coalesce(a.application_name, ''), a.usename::text, a.pid::text, coalesce(a.state, '')] AS named,
           a.xact_start AS since, format('SELECT pg_terminate_backend(%s);', a.pid) AS ends
    FROM pg_stat_activity a
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.xact_start < now() - $1::interval
      AND (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL) AND a.backend_type = 'client backend'
    UNION ALL
    SELECT 'prepared', ARRAY[p.gid], p.prepared, format('ROLLBACK PREPARED %L;', p.gid)
    FROM pg_prepared_xacts p WHERE p.database = current_database() AND p.prepared < now() - $1::interval
    UNION ALL
    SELECT 'slot', ARRAY[s.slot_name::text], NULL,
           format('SELECT pg_drop_replication_slot(%L);', s.slot_name)
    FROM pg_replication_slots s WHERE NOT s.active AND s.xmin IS NOT NULL) held
ORDER BY since NULLS LAST LIMIT 10
