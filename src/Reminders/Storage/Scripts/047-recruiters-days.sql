-- works beside builds from: 33

-- When a booking begins, beside whoever is its recruiter: their day is read by it, and not by every booking they ever had. Triggers keep
-- it, so a build that does not know of it does as well.
ALTER TABLE reminders.party ADD COLUMN happens_at timestamptz;

CREATE FUNCTION reminders.party_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.happens_at := (SELECT s.happens_at FROM reminders.subject s WHERE s.id = NEW.subject_id);
    RETURN NEW;
END $$;

CREATE FUNCTION reminders.subject_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reminders.party SET happens_at = NEW.happens_at WHERE subject_id = NEW.id AND role = 'recruiter';
    RETURN NULL;
END $$;

CREATE TRIGGER party_begins BEFORE INSERT ON reminders.party
    FOR EACH ROW WHEN (NEW.role = 'recruiter') EXECUTE FUNCTION reminders.party_begins();
CREATE TRIGGER subject_moved AFTER UPDATE OF happens_at ON reminders.subject
    FOR EACH ROW WHEN (OLD.happens_at IS DISTINCT FROM NEW.happens_at) EXECUTE FUNCTION reminders.subject_moved();

UPDATE reminders.party p SET happens_at = s.happens_at FROM reminders.subject s
WHERE s.id = p.subject_id AND p.role = 'recruiter' AND s.happens_at IS NOT NULL;

-- Addresses that reach nobody are few, and asked for as such.
CREATE INDEX address_state ON reminders.address (state, recipient_id) WHERE state <> 'reachable';

CREATE INDEX party_days ON reminders.party (recipient_id, happens_at, subject_id) WHERE role = 'recruiter' AND happens_at IS NOT NULL;
