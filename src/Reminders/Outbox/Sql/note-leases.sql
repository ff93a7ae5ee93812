-- Says when what the rows of leased hold ends, so that the reaper will look there. Whatever begins a lease includes it; one that is made
-- longer is looked at again, for its row stays while anything in it is being sent.
INSERT INTO reminders.lease_end (at, messages)
SELECT max(lease_until), array_agg(id) FROM leased HAVING count(*) > 0
