-- Plans up to $4 occurrences again that hold-planned.sql has set aside: of the kind $1, and due from $2 on, where these are given. They
-- begin with one of $3, their reason, and are still as they were left. What follows one of them (KindDefinition.After) is judged anew as
-- well.
--
-- Plan: the audit's lines about it, by audit_about, name the occurrences; these go by primary key, and what follows by the prefix of
-- their identity.
WITH named AS MATERIALIZED (
    SELECT (x.id)::bigint AS id
    FROM reminders.audit a CROSS JOIN LATERAL jsonb_array_elements_text(a.after -> 'occurrences') AS x (id)
    WHERE a.about = $5 AND a.action = 'ledger.hold'),
held AS MATERIALIZED (
    SELECT o.id, o.subject_id, o.version, o.kind FROM reminders.occurrence o
    WHERE o.id IN (SELECT id FROM named) AND o.state = 'skipped' AND o.reason ^@ ANY ($3::text[])
      AND ($1::text IS NULL OR o.kind = $1) AND ($2::timestamptz IS NULL OR o.due_at >= $2)
    ORDER BY o.due_at, o.id LIMIT $4 FOR UPDATE SKIP LOCKED),
released AS (
    UPDATE reminders.occurrence o SET state = 'planned', reason = NULL, fired_at = NULL, fired_by = NULL
    WHERE o.id = ANY (ARRAY(SELECT id FROM held)) AND o.state = 'skipped'
    RETURNING o.id),
following AS (
    UPDATE reminders.occurrence f SET state = 'planned', reason = NULL, fired_at = NULL, fired_by = NULL
    FROM held h
    WHERE f.subject_id = h.subject_id AND f.version = h.version AND f.state = 'skipped'
      AND (f.reason = 'not_sent ' || h.kind
           OR f.reason ^@ ANY (ARRAY['not_sent ' || h.kind || ': ', h.kind || ' was not sent'])))
SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM released
