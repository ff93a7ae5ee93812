using Npgsql;
using NpgsqlTypes;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Notifications;

/// <summary>What a request comes to: one occurrence to plan for each of its recipients.</summary>
internal sealed record Asked(
    KindDefinition Kind, OpenSubject Subject, long? Version, IReadOnlyList<KnownRecipient> Recipients, string Data, string Fingerprint,
    DateTimeOffset DueAt, DateTimeOffset Now);

/// <summary>Somebody a request names.</summary>
/// <param name="Id">Null when the caller has nobody of that reference.</param>
/// <param name="Question">What to say instead, where several owners have.</param>
internal readonly record struct KnownRecipient(string Reference, long? Id, string? Question = null);

/// <summary>A subject, locked for the rest of the transaction.</summary>
/// <param name="Version">Grows when it is opened again after it was closed.</param>
internal readonly record struct OpenSubject(long Id, long Version);

/// <summary>
/// Writes what was asked for into the ledger, set-based, in the caller's transaction, the subject locked: so that requests
/// about one subject come one after another, and each sees what the one before it planned.
/// </summary>
internal sealed class NotificationLedger(
    RemindersDb db, SubjectChanges changes, IdentityPolicies policies, OwnedNames names, Caller caller, NodeName node)
{
    /// <summary>Finds or makes the caller's own subject; one that was closed opens again, as a new version of itself.</summary>
    public async Task<OpenSubject> OpenSubjectAsync(string type, string key, string data, string by, CancellationToken cancellationToken)
    {
        await using var open = db.Command("""
            INSERT INTO reminders.subject AS s (type, key, owner, status, data, created_by) VALUES ($1, $2, $5, 'open', $3::jsonb, $4)
            ON CONFLICT ON CONSTRAINT subject_identity DO UPDATE
            SET data = excluded.data, status = 'open', changed_at = now(),
                version = CASE s.status WHEN 'open' THEN s.version ELSE 1 + greatest(s.version, (
                    SELECT max(o.version) FROM reminders.occurrence o WHERE o.subject_id = s.id)) END
            RETURNING id, version
            """).With(type, key, data, by, caller.Owner);
        await using var reader = await open.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>A group's members, by reference.</summary>
    public async Task<IReadOnlyList<KnownRecipient>> MembersAsync(long group, CancellationToken cancellationToken)
    {
        await using var find = db.Command("""
            SELECT r.reference, r.id FROM reminders.group_member m JOIN reminders.recipient r ON r.id = m.recipient_id
            WHERE m.group_id = $1 ORDER BY r.id
            """).With(group);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var members = new List<KnownRecipient>();
        while (await reader.ReadAsync(cancellationToken))
            members.Add(new(reader.GetString(0), reader.GetInt64(1)));
        return members;
    }

    /// <summary>People by their references, as the caller knows them.</summary>
    public async Task<IReadOnlyList<KnownRecipient>> PeopleAsync(IReadOnlyList<string> references, CancellationToken cancellationToken)
    {
        var found = await names.RecipientsAsync(references, cancellationToken);
        return
        [
            .. references.Distinct().Select(reference => !found.TryGetValue(reference, out var one) ? new KnownRecipient(reference, null)
                : new(reference, one.Id, one.IsAmbiguous ? one.Question("recipient of that reference") : null)),
        ];
    }

    public async Task<IReadOnlyList<RecipientResult>> PlanAsync(Asked asked, string by, CancellationToken cancellationToken)
    {
        var identity = await policies.DecideAsync(asked, [.. asked.Recipients.Select(one => one.Id).OfType<long>()], cancellationToken);
        var planned = await InsertAsync(asked, identity.Wanted, $"{by} @ {node}", cancellationToken);
        if (asked.Kind.Supersedes && planned.Count > 0)
            await SupersedeAsync(asked, identity.Wanted.Where(wanted => planned.ContainsKey(wanted.RecipientId)), by, cancellationToken);
        WantedVersion[] suppressed = [.. identity.Wanted.Where(wanted => !planned.ContainsKey(wanted.RecipientId)), .. identity.Suppressed];
        var deciding = await CountSuppressedAsync(asked, suppressed, identity.Rule, $"{by} @ {node}", cancellationToken);
        changes.FollowUp(new(0, 0, [], []) { SuppressedKinds = [new(asked.Kind.Name, identity.Metric, suppressed.Length)] });
        return [.. asked.Recipients.Select(Result)];

        RecipientResult Result(KnownRecipient one) =>
            one.Id is not { } id ? new(one.Reference, RecipientOutcome.Refused, null, one.Question ?? "There is no such recipient.")
            : planned.TryGetValue(id, out var occurrence) ? new(one.Reference, RecipientOutcome.Planned, occurrence)
            : deciding.TryGetValue(id, out var row) ? new(one.Reference, RecipientOutcome.Suppressed, row.Occurrence, row.Reason)
            : new(one.Reference, RecipientOutcome.Suppressed, null, identity.Rule);
    }

    private async Task<Dictionary<long, long>> InsertAsync(Asked asked, IReadOnlyList<WantedVersion> wanted, string by, CancellationToken cancellationToken)
    {
        var planned = new Dictionary<long, long>(wanted.Count);
        if (wanted.Count == 0)
            return planned;
        var isFirst = false;
        await using (var insert = db.Command("""
            WITH planned AS (
                INSERT INTO reminders.occurrence
                    (kind, subject_id, version, recipient_id, state, wanted_in, told, fenced, due_at, useful_until, data, planned_by)
                SELECT $1, $2, version, recipient_id, 'planned', $5, 'v' || version, false, $6, $7, $8::jsonb, $9
                FROM unnest($3, $4) AS t (recipient_id, version)
                ORDER BY recipient_id
                ON CONFLICT ON CONSTRAINT occurrence_identity DO NOTHING
                RETURNING id, recipient_id),
            first AS (
                INSERT INTO reminders.instant (kind, due_second) SELECT $1, $6 FROM planned WHERE $6 > now() LIMIT 1
                ON CONFLICT DO NOTHING
                RETURNING 1)
            SELECT id, recipient_id, (SELECT count(*) FROM first) FROM planned
            """))
        {
            // Empty wanted_in would mean that closing the subject takes nothing back.
            var wantedIn = asked.Kind.WantedIn.Count > 0 ? asked.Kind.WantedIn.ToArray() : ["open"];
            insert.With(
                asked.Kind.Name, asked.Subject.Id, wanted.Select(one => one.RecipientId).ToArray(), wanted.Select(one => one.Version).ToArray(),
                wantedIn, asked.DueAt.ToUniversalTime(), (asked.DueAt + asked.Kind.UsefulFor).ToUniversalTime(), asked.Data, by);
            await using var reader = await insert.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                planned[reader.GetInt64(1)] = reader.GetInt64(0);
                isFirst = reader.GetInt64(2) > 0;
            }
        }
        changes.FollowUp(new(
            planned.Count, wanted.Count - planned.Count, isFirst ? [new(asked.Kind.Name, asked.DueAt)] : [],
            asked.DueAt <= asked.Now ? [asked.Kind.Name] : []));
        return planned;
    }

    /// <summary>What is not yet sent of older versions is not wanted any more; the fence takes it back.</summary>
    private async Task SupersedeAsync(Asked asked, IEnumerable<WantedVersion> planned, string by, CancellationToken cancellationToken)
    {
        if (asked.Kind.Identity == IdentityPolicy.Once)
            return;
        var versions = planned.ToArray();
        await using var mark = db.Command("""
            UPDATE reminders.occurrence o SET superseded_by = n.version
            FROM unnest($3, $4) AS n (recipient_id, version)
            WHERE o.subject_id = $1 AND o.kind = $2 AND o.version < n.version AND o.superseded_by IS NULL
              AND (n.recipient_id IS NULL OR o.recipient_id = n.recipient_id)
              AND o.state IN ('planned', 'waiting', 'fired')
            """).With(asked.Subject.Id, asked.Kind.Name);
        // A version is the subject's, whoever is told; a window is each recipient's own.
        if (asked.Kind.Identity == IdentityPolicy.Version)
            versions = [versions[0]];
        mark.Parameters.Add(new()
        {
            Value = versions.Select(one => asked.Kind.Identity == IdentityPolicy.Version ? (long?)null : one.RecipientId).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
        mark.Parameters.Add(new() { Value = versions.Select(one => one.Version).ToArray() });
        if (await mark.ExecuteNonQueryAsync(cancellationToken) > 0)
            await changes.ApplyAsync(asked.Subject.Id, null, by, cancellationToken);
    }

    private async Task<Dictionary<long, (long Occurrence, string Reason)>> CountSuppressedAsync(
        Asked asked, IReadOnlyList<WantedVersion> suppressed, string rule, string by, CancellationToken cancellationToken)
    {
        var deciding = new Dictionary<long, (long, string)>(suppressed.Count);
        if (suppressed.Count == 0)
            return deciding;
        await using var count = db.Command("""
            WITH deciding AS MATERIALIZED (
                SELECT o.id, o.recipient_id, o.state, o.planned_at
                FROM unnest($3, $4) AS t (recipient_id, version)
                JOIN reminders.occurrence o ON o.kind = $1 AND o.subject_id = $2 AND o.version = t.version AND o.recipient_id = t.recipient_id),
            counted AS (
                INSERT INTO reminders.suppression AS s (occurrence_id, rule, last_by)
                SELECT id, $5, $6 FROM deciding ORDER BY id
                ON CONFLICT (occurrence_id, rule) DO UPDATE SET count = s.count + 1, last_at = now(), last_by = excluded.last_by)
            SELECT recipient_id, id, state, planned_at FROM deciding
            """).With(
                asked.Kind.Name, asked.Subject.Id, suppressed.Select(one => one.RecipientId).ToArray(),
                suppressed.Select(one => one.Version).ToArray(), rule, by);
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            deciding[reader.GetInt64(0)] = (reader.GetInt64(1), $"{rule}: occurrence {reader.GetInt64(1)}, planned {reader.GetFieldValue<DateTimeOffset>(3):u}, is {reader.GetString(2)}");
        return deciding;
    }
}
