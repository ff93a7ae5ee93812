-- The server's timeline, as a role without special rights can read it: a WAL file's name begins with it.
('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer
