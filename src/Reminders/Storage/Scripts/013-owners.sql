-- Whose everything is, and how a person is forgotten.

-- A key belongs to an owner (an app, a tenant), which outlives it: keys are rotated, what they made stays.
ALTER TABLE reminders.api_key
    ADD COLUMN owner text,
    ADD COLUMN scopes text[],
    -- Refused from then on; null means never.
    ADD COLUMN expires_at timestamptz,
    -- To the minute: it is written when it is older than that.
    ADD COLUMN last_used_at timestamptz,
    ALTER COLUMN role DROP NOT NULL;
UPDATE reminders.api_key SET owner = name, scopes =
    '{bookings:own,notifications:send,recipients:write,tokens:issue}'::text[] || CASE role WHEN 'operator' THEN '{operate}' ELSE '{}' END::text[];
ALTER TABLE reminders.api_key
    ALTER COLUMN owner SET NOT NULL,
    ALTER COLUMN scopes SET NOT NULL,
    ADD CONSTRAINT api_key_owner CHECK (length(owner) BETWEEN 1 AND 100),
    ADD CONSTRAINT api_key_scopes CHECK (
        cardinality(scopes) > 0 AND scopes <@ '{bookings:own,notifications:send,recipients:write,tokens:issue,operate}'::text[]);

-- Names are each owner's own: two owners may both know a "user-7", and neither can find out whether the other does. The
-- empty owner is the installation's: what the command line and an embedding program wrote.
ALTER TABLE reminders.subject ADD COLUMN owner text NOT NULL DEFAULT '' CHECK (length(owner) <= 100);
ALTER TABLE reminders.recipient ADD COLUMN owner text NOT NULL DEFAULT '' CHECK (length(owner) <= 100);
ALTER TABLE reminders.recipient_group ADD COLUMN owner text NOT NULL DEFAULT '' CHECK (length(owner) <= 100);

-- What is there already belongs to the key that made it. People and groups do not say who wrote them, so they belong to the
-- one owner who booked them, asked for them or had a token for them; to the only app there is; and where there are several,
-- to the installation, whose operators can say whose they are.
UPDATE reminders.subject SET owner = substr(created_by, 5) WHERE created_by LIKE 'api:_%' AND length(created_by) <= 104;

CREATE TEMPORARY TABLE known_by ON COMMIT DROP AS
SELECT recipient_id, min(owner) AS owner FROM (
    SELECT p.recipient_id, s.owner FROM reminders.party p JOIN reminders.subject s ON s.id = p.subject_id
    UNION SELECT o.recipient_id, s.owner FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE s.type <> 'person'
    UNION SELECT t.recipient_id, substr(t.issued_by, 5) FROM reminders.access_token t WHERE t.issued_by LIKE 'api:_%') used
WHERE owner <> '' GROUP BY recipient_id HAVING count(DISTINCT owner) = 1;

UPDATE reminders.recipient r SET owner = coalesce(
    (SELECT k.owner FROM known_by k WHERE k.recipient_id = r.id),
    (SELECT min(a.owner) FROM reminders.api_key a HAVING count(DISTINCT a.owner) = 1),
    (SELECT min(a.owner) FROM reminders.api_key a WHERE a.role = 'recruiter' HAVING count(DISTINCT a.owner) = 1), '')
WHERE EXISTS (SELECT FROM reminders.api_key);

UPDATE reminders.recipient_group g SET owner = coalesce((
    SELECT min(r.owner) FROM reminders.group_member m JOIN reminders.recipient r ON r.id = m.recipient_id
    WHERE m.group_id = g.id HAVING count(DISTINCT r.owner) = 1), '');

ALTER TABLE reminders.subject DROP CONSTRAINT subject_identity, ADD CONSTRAINT subject_identity UNIQUE (type, key, owner);
ALTER TABLE reminders.recipient_group
    DROP CONSTRAINT recipient_group_name, ADD CONSTRAINT recipient_group_name UNIQUE (name, owner);

-- The key under which erased people keep their place in the ledger: 244 random bits (gen_random_uuid() is the one strong
-- source without an extension), as the two blocks that HMAC-SHA256 makes of a key, so that no statement has to.
CREATE TABLE reminders.pseudonym_key (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    inner_block  bytea NOT NULL CHECK (octet_length(inner_block) = 64),
    outer_block  bytea NOT NULL CHECK (octet_length(outer_block) = 64)
);
DO $$
DECLARE
    secret bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    ipad bytea := decode(repeat('36', 64), 'hex');
    opad bytea := decode(repeat('5c', 64), 'hex');
BEGIN
    FOR i IN 0..31 LOOP
        ipad := set_byte(ipad, i, get_byte(secret, i) # 54);
        opad := set_byte(opad, i, get_byte(secret, i) # 92);
    END LOOP;
    INSERT INTO reminders.pseudonym_key (inner_block, outer_block) VALUES (ipad, opad);
END $$;

-- HMAC-SHA256 of whose reference it is: without the key nobody can find out a reference by trying them all.
CREATE FUNCTION reminders.pseudonym(of_owner text, of_reference text) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(k.outer_block || sha256(k.inner_block || convert_to(of_owner, 'UTF8') || '\x00'::bytea || convert_to(of_reference, 'UTF8')))
    FROM reminders.pseudonym_key k
$$;

-- Who a person is in the ledger, for ever: the reference may be erased, this stays. So a reference that is given again is
-- the same person, and what was told once stays told.
ALTER TABLE reminders.recipient
    ADD COLUMN identity bytea,
    ADD COLUMN erased_at timestamptz;
UPDATE reminders.recipient SET identity = reminders.pseudonym(owner, reference);
ALTER TABLE reminders.recipient
    ALTER COLUMN identity SET NOT NULL,
    DROP CONSTRAINT recipient_reference,
    ADD CONSTRAINT recipient_identity UNIQUE (identity);
CREATE UNIQUE INDEX recipient_reference ON reminders.recipient (reference, owner) WHERE erased_at IS NULL;

CREATE FUNCTION reminders.recipient_is_somebody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.identity := reminders.pseudonym(NEW.owner, NEW.reference);
    ELSIF OLD.erased_at IS NOT NULL AND NEW.erased_at IS NULL THEN
        -- Somebody erased is told nothing; somebody given again wants what they say from now on.
        DELETE FROM reminders.preference WHERE recipient_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recipient_is_somebody BEFORE INSERT OR UPDATE OF erased_at ON reminders.recipient
    FOR EACH ROW EXECUTE FUNCTION reminders.recipient_is_somebody();

-- An address as the audit shows it: enough to see that it changed, and to know it again for who knows it.
CREATE FUNCTION reminders.masked(address text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN address LIKE '%@%' THEN left(address, 1) || '…@' || split_part(address, '@', 2)
                WHEN length(address) > 4 THEN '…' || right(address, 3)
                ELSE '…' END
$$;
