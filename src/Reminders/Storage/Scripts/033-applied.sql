-- works beside builds from: 32
-- What the app last said of a subject of its own: an answer moves the status, and the app saying the same again does not move it back.
ALTER TABLE reminders.subject
    ADD COLUMN applied_status text,
    ADD CONSTRAINT subject_applied_status_check CHECK (length(applied_status) BETWEEN 1 AND 32);

-- Answers that the app has not heard of yet: one line each, until its handler has committed. What a handler refuses again and again
-- stays, and is taken up again when somebody says so.
CREATE TABLE reminders.answer_event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_id  bigint NOT NULL REFERENCES reminders.subject (id),
    version     bigint NOT NULL,
    status      text NOT NULL,
    way         text NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts    integer NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    trouble     text,
    died_at     timestamptz
);
CREATE INDEX answer_event_due ON reminders.answer_event (due_at, id) WHERE died_at IS NULL;
CREATE INDEX answer_event_of_subject ON reminders.answer_event (subject_id, id) WHERE died_at IS NULL;
