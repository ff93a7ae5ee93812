-- works beside builds from: 33

-- A token begins with the time (UUID version 7), so that a new message goes to the end of the index of tokens. A wholly random one goes
-- anywhere in it, which with a million messages there doubles what a message costs the log: a page is written whole at its first change
-- after a checkpoint. 74 bits stay random; the time it tells is known to whoever got the message.
ALTER TABLE reminders.outbox ALTER COLUMN press_token SET DEFAULT
    encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM now()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid;
