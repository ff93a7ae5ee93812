-- Notes that a node has texts just now: of the kinds $1, in the languages $2, with the prints $3 and what each text's is, $4. What
-- was noted less than $5 ago stays as it is, by whichever node; each build that is there goes on with the stay of its own, so that two
-- of them side by side are two rows for as long as they run. It is another stay when nobody had noted it for $6, and others later.
--
-- Plan: text_seen_pkey by its kind and language; there are twenty or so of each. In order, so that nodes never wait in a ring.
INSERT INTO reminders.text_seen (kind, locale, print, stay, prints)
SELECT t.kind, t.locale, t.print,
       CASE WHEN l.stay IS NULL THEN 1
            WHEN l.last_seen > clock_timestamp() - $6::interval
              OR NOT EXISTS (SELECT FROM reminders.text_seen o
                             WHERE o.kind = t.kind AND o.locale = t.locale AND o.print <> t.print AND o.last_seen > l.last_seen) THEN l.stay
            ELSE l.stay + 1 END,
       t.prints::jsonb
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS t (kind, locale, print, prints)
LEFT JOIN LATERAL (SELECT s.stay, s.last_seen FROM reminders.text_seen s
                   WHERE s.kind = t.kind AND s.locale = t.locale AND s.print = t.print ORDER BY s.stay DESC LIMIT 1) l ON true
WHERE l.stay IS NULL OR l.last_seen < clock_timestamp() - $5::interval
ORDER BY t.kind, t.locale, t.print
ON CONFLICT (kind, locale, print, stay) DO UPDATE SET last_seen = clock_timestamp()
