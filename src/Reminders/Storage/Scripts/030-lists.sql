-- works beside builds from: 22

-- Lists are read page by page in the order of a time that leads each of these; without them a page would sort its whole table.
-- One owner's are found without walking the others'. What is in doubt, dead or not yet sent has its own small index besides.
CREATE INDEX subject_bookings ON reminders.subject (happens_at, id) WHERE type = 'booking';
-- Some states are rare: those that wait for an answer from somebody, and those that somebody declined.
CREATE INDEX subject_bookings_in ON reminders.subject (status, happens_at, id) WHERE type = 'booking';
CREATE INDEX subject_bookings_of ON reminders.subject (owner, happens_at, id) WHERE type = 'booking';
CREATE INDEX recipient_listed ON reminders.recipient (created_at, id) WHERE erased_at IS NULL;
CREATE INDEX recipient_listed_of ON reminders.recipient (owner, created_at, id) WHERE erased_at IS NULL;
-- Neither column ever changes, and both only grow: an insert more at the right edge, and no update less that stays on its page.
CREATE INDEX outbox_created ON reminders.outbox (created_at, id);
CREATE INDEX suppression_first ON reminders.suppression (first_at, occurrence_id, rule);
