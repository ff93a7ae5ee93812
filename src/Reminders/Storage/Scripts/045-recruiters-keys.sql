-- works beside builds from: 33

-- A key that is one recruiter's finds that person's bookings only. It has a scope of its own, and that one alone: a build that does
-- not know it lets nobody in with it.
ALTER TABLE reminders.api_key
    ADD COLUMN recruiter_id bigint CONSTRAINT api_key_recruiter_id_fkey REFERENCES reminders.recipient (id),
    DROP CONSTRAINT api_key_scopes,
    ADD CONSTRAINT api_key_scopes CHECK (
        cardinality(scopes) > 0
        AND scopes <@ '{bookings:own,bookings:recruiter,notifications:send,recipients:write,tokens:issue,operate}'::text[]),
    ADD CONSTRAINT api_key_recruiter CHECK (
        scopes = '{bookings:recruiter}' AND recruiter_id IS NOT NULL
        OR 'bookings:recruiter' <> ALL (scopes) AND recruiter_id IS NULL);
