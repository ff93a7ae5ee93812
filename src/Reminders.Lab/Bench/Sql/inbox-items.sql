-- Gives each of the people $1 an item about each ticket from $2 to $3, numbered and announced as the engine's firing does it. A
-- NOTIFY has less than 8,000 bytes: of more people than that the announcement is for all.
WITH told AS (
    INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
        planned_by, fired_at)
    SELECT (ARRAY['NO_ANSWER_1H', 'CANDIDATE_CONFIRMED', 'CANDIDATE_DECLINED'])[n % 3 + 1], s.id, 1, r, 'fired', '{}', '',
        now(), now(), 'bench', now()
    FROM unnest($1::bigint[]) r, generate_series($2::int, $3::int) n JOIN reminders.subject s ON s.type = 'ticket' AND s.key = 'T-' || n
    RETURNING id, kind, subject_id, recipient_id),
numbered AS (
    INSERT INTO reminders.inbox AS b (recipient_id, last_seq) SELECT recipient_id, count(*) FROM told GROUP BY 1 ORDER BY 1
    ON CONFLICT (recipient_id) DO UPDATE SET last_seq = b.last_seq + excluded.last_seq RETURNING recipient_id, last_seq),
written AS (
    INSERT INTO reminders.inbox_item (occurrence_id, recipient_id, seq, kind, subject_type, subject_key, data)
    SELECT told.id, recipient_id, last_seq + 1 - row_number() OVER (PARTITION BY recipient_id ORDER BY told.id DESC), kind, 'ticket', s.key,
           '{"candidate": "Anna", "title": "Backend engineer", "starts_at": "2027-03-01T12:00:00+00:00"}'
    FROM told JOIN numbered USING (recipient_id) JOIN reminders.subject s ON s.id = told.subject_id RETURNING recipient_id)
SELECT pg_notify('reminders_inbox', CASE WHEN length(whose) < 8000 THEN whose ELSE '' END)
FROM (SELECT string_agg(DISTINCT recipient_id::text, ',') AS whose FROM written) w WHERE whose IS NOT NULL
