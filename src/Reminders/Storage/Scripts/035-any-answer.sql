-- works beside builds from: 33
-- The answer that stands, of those that a kind declares; what it does to the question; and for which version of its subject it was
-- given. Null beside the status confirmed or declined, it is one that an older node took, or of before.
ALTER TABLE reminders.subject
    ADD COLUMN answer text,
    ADD COLUMN answer_then text,
    ADD COLUMN answer_version bigint,
    ADD CONSTRAINT subject_answer_check CHECK (length(answer) BETWEEN 1 AND 31),
    ADD CONSTRAINT subject_answer_then_check CHECK (answer_then IN ('closed', 'changeable', 'open')),
    ADD CONSTRAINT subject_answer_whole CHECK ((answer IS NULL) = (answer_then IS NULL) AND (answer IS NULL) = (answer_version IS NULL));

-- Which answer it was, and what it came from; null where an older node wrote the line.
ALTER TABLE reminders.answer_event
    ADD COLUMN answer text,
    ADD COLUMN kind text,
    ADD COLUMN recipient_id bigint,
    ADD COLUMN message_id bigint;
