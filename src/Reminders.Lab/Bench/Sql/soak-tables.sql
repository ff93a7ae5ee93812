-- Dead rows and size of what the engine writes for each message, in all.
SELECT sum(n_dead_tup)::bigint, sum(pg_total_relation_size(relid))::bigint
FROM pg_stat_user_tables WHERE schemaname = 'reminders' AND relname IN ('outbox', 'occurrence', 'lease_end')
