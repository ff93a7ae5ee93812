-- A row c of reminders.channel: nothing starts, because it is paused, stopped, resting and not heard from since, or
-- behind a probe that is under way. Null without a row.
(c.paused_until > clock_timestamp()
 OR /* include Outbox/Sql/channel-kept.sql */
 OR /* include Outbox/Sql/channel-on-trial.sql */ AND c.probe_until > clock_timestamp())
