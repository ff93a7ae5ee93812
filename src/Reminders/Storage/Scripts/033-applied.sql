-- works beside builds from: 32
-- What the app last said of a subject of its own: an answer moves the status, and the app saying the same again does not move it back.
ALTER TABLE reminders.subject
    ADD COLUMN applied_status text,
    ADD CONSTRAINT subject_applied_status_check CHECK (length(applied_status) BETWEEN 1 AND 32);
