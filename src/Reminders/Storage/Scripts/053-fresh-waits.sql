-- works beside builds from: 33

-- Who has just begun to wait for an address is found by when; before, it was every address that had just changed, of which there are
-- as many as somebody imports. Beside older nodes theirs is found by who waits at all.
CREATE INDEX occurrence_fresh ON reminders.occurrence (fired_at) WHERE state = 'waiting';
DROP INDEX reminders.address_changed;
