-- Who did what and when stays; what the audit's line says of the person $1 goes, whoever wrote it and about what.
--
-- Plan: each way to name the person is a look-up of its own, by audit_about or audit_actor. Joined by OR, they could use neither.
UPDATE reminders.audit l SET before = NULL, after = NULL,
    reason = CASE WHEN l.reason IS NOT NULL THEN 'erased' END,
    about = CASE WHEN l.about LIKE 'recipient ''%' THEN 'recipient ''erased''' ELSE l.about END,
    actor = CASE WHEN EXISTS (SELECT FROM reminders.address a
                              WHERE a.recipient_id = $1 AND l.actor = a.channel || ':' || a.address)
                 THEN split_part(l.actor, ':', 1) || ':erased' ELSE l.actor END
FROM reminders.recipient r
WHERE r.id = $1 AND (l.action <> 'person.erase' OR l.refused) AND l.id IN (
    SELECT t.id FROM reminders.audit t WHERE t.about = 'recipient #' || $1
    UNION ALL
    SELECT t.id FROM reminders.recipient r JOIN reminders.audit t ON t.about = 'recipient ''' || r.reference || '''' WHERE r.id = $1
    UNION ALL
    SELECT t.id FROM reminders.party p JOIN reminders.subject s ON s.id = p.subject_id
        JOIN reminders.audit t ON t.about = 'booking ' || s.key
    WHERE p.recipient_id = $1 AND p.role = 'candidate' AND s.type = 'booking'
    UNION ALL
    SELECT t.id FROM reminders.occurrence o JOIN reminders.outbox m ON m.occurrence_id = o.id
        JOIN reminders.audit t ON t.about = 'message ' || m.id
    WHERE o.recipient_id = $1
    UNION ALL
    SELECT t.id FROM reminders.address a JOIN reminders.audit t ON t.actor = a.channel || ':' || a.address
    WHERE a.recipient_id = $1)
