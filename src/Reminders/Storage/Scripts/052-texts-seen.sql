-- works beside builds from: 33

-- Since when, and until when, nodes had a kind's own texts in one language: those that came with their build, its settings or the app's
-- source of texts. What each said is kept as a hash by name. A text that comes back after others is another stay of it; the same on many
-- nodes is one. The last instant changes in place, each half a minute: no index has it.
CREATE TABLE reminders.text_seen (
    kind       text NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    locale     text NOT NULL CHECK (length(locale) BETWEEN 2 AND 35),
    print      text NOT NULL,
    stay       integer NOT NULL CHECK (stay > 0),
    prints     jsonb NOT NULL CHECK (jsonb_typeof(prints) = 'object'),
    first_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (kind, locale, print, stay)
) WITH (fillfactor = 70);
