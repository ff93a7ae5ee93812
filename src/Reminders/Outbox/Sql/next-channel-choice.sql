-- Joins the channel that is next for a message m, of those that reach the recipient, in the order of k.channels.
CROSS JOIN LATERAL (
    SELECT a.channel FROM reminders.address a
    WHERE a.recipient_id = m.recipient_id AND a.state = 'reachable' AND reminders.wants(m.recipient_id, m.kind, a.channel)
      AND NOT EXISTS (SELECT FROM reminders.opt_out gone WHERE gone.key = a.key)
      AND array_position(string_to_array(k.channels, ','), a.channel) > array_position(string_to_array(k.channels, ','), m.channel)
    ORDER BY array_position(string_to_array(k.channels, ','), a.channel) LIMIT 1) next
