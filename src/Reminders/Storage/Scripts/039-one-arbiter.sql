-- works beside builds from: 33
-- A person is unique by their identity, which is made of owner and reference. A second UNIQUE index said the same over again, and ON
-- CONFLICT looks after one: of two that gave the same new person at once, the other could fail on the second instead of waiting.
DROP INDEX reminders.recipient_reference;
CREATE INDEX recipient_reference ON reminders.recipient (reference, owner) WHERE erased_at IS NULL;
