-- What `explain` tells besides: who claimed a message, and who took back what was not told.

ALTER TABLE reminders.occurrence
    -- Taken back before its time had come; the reason says why. What is judged when its time comes has fired_at.
    ADD COLUMN cancelled_at timestamptz,
    ADD COLUMN cancelled_by text;

ALTER TABLE reminders.outbox
    -- By the claim that stands or was the last.
    ADD COLUMN claimed_at timestamptz,
    -- Whose change took it back before it was sent.
    ADD COLUMN cancelled_by text;

ALTER TABLE reminders.attempt
    ADD COLUMN claimed_at timestamptz,
    -- Empty where the node was lost before it began to send.
    ALTER COLUMN started_at DROP NOT NULL;
