-- The A-B-A rule (rule 3): what was last announced to the recipient of an occurrence d in an earlier version, as last_told.
-- Where that says the same, the recipient knows it. It costs nothing for version 1, which is nearly every row.
LEFT JOIN LATERAL (
    SELECT p.id, p.told FROM reminders.occurrence p
    WHERE d.version > 1 AND p.subject_id = d.subject_id AND p.kind = d.kind
      AND p.recipient_id = d.recipient_id AND p.version < d.version AND reminders.is_announced(p.id)
    ORDER BY p.version DESC LIMIT 1) last_told ON true
