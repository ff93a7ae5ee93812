-- works beside builds from: 17

ALTER TABLE reminders.node
    -- What the node leaves alone because the database refused it, by work, and why: only the node itself can know.
    ADD COLUMN aside text[] NOT NULL DEFAULT '{}';
