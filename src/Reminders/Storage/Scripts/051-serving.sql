-- works beside builds from: 33

-- Over which channels each node sends: what waits for one that none has, nobody takes. NULL: the node is of a build that does not say.
ALTER TABLE reminders.node ADD COLUMN serves text[];
