-- works beside builds from: 33
-- Updates that could not be handled, for doctor: a few among all that are kept, which it would otherwise read.
CREATE INDEX inbound_update_failed ON reminders.inbound_update (seq) WHERE state = 'failed';
