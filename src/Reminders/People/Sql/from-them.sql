-- Of an update u: it came from one of the addresses of the person $1, however it is spelt.
(u.source, u.provider_id, u.content_id) IN (
    SELECT t.source, t.provider_id, t.content_id FROM reminders.address a
    JOIN reminders.inbound_update t ON t.source = a.channel AND t.sender = ANY (ARRAY[a.address, ltrim(a.address, '+'), a.alias])
    WHERE a.recipient_id = $1)
