-- works beside builds from: 17

-- What is kept about a person is found by the person: an export is a request that somebody waits for, and an erasure holds the
-- locks of all their subjects. Without these both read the ledger through. A message is found by its occurrence (outbox_identity).
CREATE INDEX occurrence_recipient ON reminders.occurrence (recipient_id);
CREATE INDEX party_recipient ON reminders.party (recipient_id);

-- What came in from them, and what they themselves are on record for.
CREATE INDEX inbound_update_person ON reminders.inbound_update (source, sender);
CREATE INDEX audit_actor ON reminders.audit (actor);
