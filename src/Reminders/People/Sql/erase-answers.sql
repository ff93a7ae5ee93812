-- Answers that are kept for the repetition of a request stay whole: whatever names the person $1 in them is replaced where it
-- stands, so that a repetition still has no second effect.
UPDATE reminders.idempotency i SET response = CASE
    WHEN response #>> '{value,candidate,reference}' = r.reference OR response #>> '{value,recruiter,reference}' = r.reference THEN (
        SELECT jsonb_set(response, '{value}', (response -> 'value') || coalesce(jsonb_object_agg(part, jsonb_build_object(
            'reference', 'erased', 'name', 'erased', 'locale', 'en', 'zone', 'UTC', 'startCode', '')), '{}')
            || CASE WHEN response #>> '{value,candidate,reference}' = r.reference
                    THEN '{"title": "erased", "place": ""}'::jsonb ELSE '{}' END)
        FROM unnest('{candidate,recruiter}'::text[]) AS part WHERE response #>> ARRAY['value', part, 'reference'] = r.reference)
    ELSE replace(response::text, '"recipient": ' || to_jsonb(r.reference)::text, '"recipient": "erased"')::jsonb END
FROM reminders.recipient r
WHERE r.id = $1 AND strpos(response::text, to_jsonb(r.reference)::text) > 0
