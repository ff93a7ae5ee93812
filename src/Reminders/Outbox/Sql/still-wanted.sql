-- Why a message a may not go, by the rows as they are now: unwanted, opted_out, unreachable are a reason or null,
-- past_use says so. The first that holds decides. Its FROM has still-wanted-joins.sql.
CASE WHEN a.operation <> 'send' THEN NULL
     WHEN o.digest_of IS NULL THEN reminders.unwanted(o, s)
     WHEN digest.data IS NULL THEN 'nothing_left' END AS unwanted,
CASE WHEN a.operation <> 'send' THEN NULL
     WHEN ad.state = 'opted_out' OR gone.key IS NOT NULL THEN 'opted_out'
     WHEN NOT reminders.wants(a.recipient_id, a.kind, a.channel) THEN 'not_wanted' END AS opted_out,
CASE WHEN ad.address IS NULL THEN 'no_address_there'
     WHEN ad.state <> 'reachable' THEN 'unreachable' || coalesce(': ' || nullif(ad.reason, ''), '') END AS unreachable,
a.useful_until <= clock_timestamp() AS past_use
