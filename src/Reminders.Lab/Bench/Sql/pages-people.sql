-- Writes $2 recruiters and then $1 candidates, in the order of their numbers, each with a chat: 1000000 plus their id.
WITH person AS (
    INSERT INTO reminders.recipient (reference, name, locale, zone)
    SELECT CASE WHEN n <= $2::integer THEN 'recruiter-' || n ELSE 'person-' || (n - $2::integer) END,
           (ARRAY['Anna', 'Boris', 'Clara', 'Daria', 'Egor', 'Fatima', 'Grigory', 'Hanna', 'Igor', 'Julia'])[n % 10 + 1] || ' '
           || (ARRAY['Ivanova', 'Smirnov', 'Müller', 'Öztürk', 'Petrova', 'Sokolov', 'García'])[n % 7 + 1] || ' ' || n,
           CASE n % 3 WHEN 0 THEN 'ru' ELSE 'en' END,
           (ARRAY['Europe/Moscow', 'Europe/Berlin', 'Asia/Vladivostok', 'Europe/Moscow'])[n % 4 + 1]
    FROM generate_series(1, $1::integer + $2::integer) n
    RETURNING id)
INSERT INTO reminders.address (recipient_id, channel, address) SELECT id, 'telegram', (1000000 + id)::text FROM person
