-- One statement, and so as of one instant. What is secret, because it opens something (codes, tokens), is counted and not
-- shown: a file that people pass on is no place for it.
SELECT jsonb_build_object(
    'person', (SELECT jsonb_build_object(
        'reference', r.reference, 'owner', r.owner, 'name', r.name, 'locale', r.locale, 'zone', r.zone,
        'quietHours', CASE WHEN r.quiet_from IS NOT NULL THEN jsonb_build_object('from', r.quiet_from, 'to', r.quiet_to) END,
        'since', r.created_at)
        FROM reminders.recipient r WHERE r.id = $1),
    'addresses', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'channel', a.channel, 'address', a.address, 'state', a.state, 'reason', a.reason, 'changedAt', a.changed_at)
            ORDER BY a.channel), '[]')
        FROM reminders.address a WHERE a.recipient_id = $1),
    'preferences', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', p.kind, 'channel', p.channel, 'wanted', p.wanted)
        ORDER BY p.kind, p.channel), '[]')
        FROM reminders.preference p WHERE p.recipient_id = $1),
    'groups', (SELECT coalesce(jsonb_agg(g.name ORDER BY g.name), '[]')
        FROM reminders.group_member m JOIN reminders.recipient_group g ON g.id = m.group_id WHERE m.recipient_id = $1),
    'subjects', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'type', s.type, 'id', s.key, 'role', p.role, 'status', s.status, 'startsAt', s.happens_at, 'data', s.data,
        'createdAt', s.created_at, 'createdBy', s.created_by) ORDER BY s.id), '[]')
        FROM reminders.party p JOIN reminders.subject s ON s.id = p.subject_id WHERE p.recipient_id = $1 AND s.type <> 'person'),
    'notifications', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', o.id, 'kind', o.kind, 'subjectType', s.type, 'subject', s.key, 'version', o.version, 'state', o.state, 'reason', o.reason,
        'plannedAt', o.planned_at, 'plannedBy', o.planned_by, 'dueAt', o.due_at, 'firedAt', o.fired_at, 'data',
            /* include Ledger/Sql/data-of-o.sql */,
        'messages', (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', m.id, 'channel', m.channel, 'operation', m.operation, 'number', m.number, 'state', m.state, 'reason', m.reason,
            'providerMessageId', m.provider_message_id, 'createdAt', m.created_at, 'settledAt', m.settled_at,
            'attempts', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'at', a.settled_at, 'outcome', a.outcome, 'detail', a.detail) ORDER BY a.lease_token), '[]')
                FROM reminders.every_attempt a WHERE a.message_id = m.id),
            'presses', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'at', p.pressed_at, 'action', p.action, 'effect', p.effect, 'from', p.sender) ORDER BY p.id), '[]')
                FROM reminders.press p WHERE p.message_id = m.id)) ORDER BY m.id), '[]')
            FROM reminders.outbox m WHERE m.occurrence_id = o.id)) ORDER BY o.id), '[]')
        FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE o.recipient_id = $1),
    'inbox', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', i.id, 'kind', i.kind, 'subjectType', i.subject_type, 'subject', i.subject_key, 'data',
            /* include Ledger/Sql/data-of-item.sql */,
        'createdAt', i.created_at, 'readAt', i.read_at) ORDER BY i.seq), '[]')
        FROM reminders.inbox_item i WHERE i.recipient_id = $1),
    'received', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'source', u.source, 'id', u.provider_id, 'receivedAt', u.received_at, 'effect', u.effect, 'payload', u.payload)
            ORDER BY u.seq), '[]')
        FROM reminders.inbound_update u WHERE /* include People/Sql/from-them.sql */),
    'accessTokens', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'issuedAt', t.issued_at, 'issuedBy', t.issued_by, 'expiresAt', t.expires_at) ORDER BY t.issued_at), '[]')
        FROM reminders.access_token t WHERE t.recipient_id = $1),
    'audit', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'at', l.at, 'actor', l.actor, 'action', l.action, 'about', l.about, 'before', l.before, 'after', l.after, 'reason', l.reason)
            ORDER BY l.id), '[]')
        FROM reminders.audit l WHERE l.about = 'recipient #' || $1 AND NOT l.refused))::text
