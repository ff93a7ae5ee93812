-- How many connections are used of those that the server, this database and this role may have, by whom, and what allows more.
WITH used AS (
    SELECT a.datname, a.usename, coalesce(nullif(a.application_name, ''), 'unnamed') AS by
    FROM pg_stat_activity a WHERE a.datname IS NOT NULL)
SELECT l.whose, (SELECT count(*) FROM used u WHERE coalesce(u.datname = l.datname, true) AND coalesce(u.usename = l.usename, true)),
    l.most, (SELECT string_agg(format('%s %s', count, by), ', ') FROM (
        SELECT count(*), u.by FROM used u WHERE coalesce(u.datname = l.datname, true) AND coalesce(u.usename = l.usename, true)
        GROUP BY u.by ORDER BY 1 DESC LIMIT 3) found),
    l.raise
FROM (
    SELECT 'server' AS whose, NULL::name AS datname, NULL::name AS usename,
        current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint AS most,
        format('ALTER SYSTEM SET max_connections = %s;', current_setting('max_connections')::bigint * 2) AS raise
    UNION ALL
    SELECT 'database', d.datname, NULL, d.datconnlimit, format('ALTER DATABASE %I CONNECTION LIMIT %s;', d.datname, d.datconnlimit * 2)
    FROM pg_database d WHERE d.datname = current_database() AND d.datconnlimit > 0
    UNION ALL
    SELECT 'role', NULL, r.rolname, r.rolconnlimit, format('ALTER ROLE %I CONNECTION LIMIT %s;', r.rolname, r.rolconnlimit * 2)
    FROM pg_roles r WHERE r.rolname = current_user AND r.rolconnlimit > 0) l
