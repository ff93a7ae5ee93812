-- An update_id of Telegram's is not for ever: after a week of silence they begin anew at random, and a press under one that
-- had been seen before was taken for its repetition. So what an update carries is part of what it is (rule 13).
-- Nodes of the build before cannot store updates meanwhile: the providers give them again.

ALTER TABLE reminders.inbound_update
    ADD COLUMN content_id text NOT NULL DEFAULT '' CHECK (length(content_id) <= 200),
    DROP CONSTRAINT inbound_update_pkey,
    ADD CONSTRAINT inbound_update_pkey PRIMARY KEY (source, provider_id, content_id);
