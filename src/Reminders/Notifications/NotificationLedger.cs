using Npgsql;
using NpgsqlTypes;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Subjects;
using Reminders.Words;

namespace Reminders.Notifications;

/// <summary>What a request comes to: one occurrence to plan for each of its recipients.</summary>
internal sealed record Asked(
    KindDefinition Kind,
    OpenSubject Subject,
    long? Version,
    IReadOnlyList<KnownRecipient> Recipients,
    string Data,
    string Fingerprint,
    DateTimeOffset DueAt,
    DateTimeOffset Now
);

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
    CommandTransaction db,
    SubjectChanges changes,
    IdentityPolicies policies,
    OwnedNames names,
    Caller caller,
    NodeName node
)
{
    /// <summary>Finds or makes the caller's own subject; one that was closed opens again, as a new version of itself.</summary>
    public async Task<OpenSubject> OpenSubjectAsync(string type, string key, string data, string by, CancellationToken cancellationToken)
    {
        await using var open = db.Command(
                """
                INSERT INTO reminders.subject AS s (type, key, owner, status, data, created_by) VALUES ($1, $2, $5, 'open', $3::jsonb, $4)
                ON CONFLICT ON CONSTRAINT subject_identity DO UPDATE
                SET data = excluded.data, status = 'open', changed_at = now(),
                    version = CASE s.status WHEN 'open' THEN s.version ELSE 1 + greatest(s.version, (
                        SELECT max(o.version) FROM reminders.occurrence o WHERE o.subject_id = s.id)) END
                RETURNING id, version
                """
            )
            .With(type, key, data, by, caller.Owner);
        await using var reader = await open.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>A group's members, by reference.</summary>
    public async Task<IReadOnlyList<KnownRecipient>> MembersAsync(long group, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                """
                SELECT r.reference, r.id FROM reminders.group_member m JOIN reminders.recipient r ON r.id = m.recipient_id
                WHERE m.group_id = $1 ORDER BY r.id
                """
            )
            .With(group);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var members = new List<KnownRecipient>();
        while (await reader.ReadAsync(cancellationToken))
        {
            members.Add(new(reader.GetString(0), reader.GetInt64(1)));
        }

        return members;
    }

    /// <summary>People by their references, as the caller knows them.</summary>
    public async Task<IReadOnlyList<KnownRecipient>> PeopleAsync(IReadOnlyList<string> references, CancellationToken cancellationToken)
    {
        var found = await names.RecipientsAsync(references, cancellationToken);
        return
        [
            .. references
                .Distinct()
                .Select(reference =>
                    !found.TryGetValue(reference, out var one)
                        ? new KnownRecipient(reference, null)
                        : new(reference, one.Id, one.IsAmbiguous ? Wording.Brief.Reason(one.Question("several_recipients")) : null)
                ),
        ];
    }

    public async Task<IReadOnlyList<RecipientResult>> PlanAsync(Asked asked, string by, CancellationToken cancellationToken)
    {
        var identity = await policies.DecideAsync(asked, [.. asked.Recipients.Select(one => one.Id).OfType<long>()], cancellationToken);
        var planned = await InsertAsync(asked, identity.Wanted, $"{by} @ {node}", cancellationToken);
        if (asked.Kind.Supersedes && planned.Count > 0)
        {
            await SupersedeAsync(asked, identity.Wanted.Where(wanted => planned.ContainsKey(wanted.RecipientId)), by, cancellationToken);
        }

        WantedVersion[] suppressed = [.. identity.Wanted.Where(wanted => !planned.ContainsKey(wanted.RecipientId)), .. identity.Suppressed];
        var deciding = await CountSuppressedAsync(asked, suppressed, identity.Rule, $"{by} @ {node}", cancellationToken);
        changes.FollowUp(new(0, 0, [], []) { SuppressedKinds = [new(asked.Kind.Name, identity.Metric, suppressed.Length)] });
        return [.. asked.Recipients.Select(Result)];

        RecipientResult Result(KnownRecipient one) =>
            one.Id is not { } id ? new(one.Reference, RecipientOutcome.Refused, null, one.Question ?? "There is no such recipient.")
            : planned.TryGetValue(id, out var occurrence) ? new(one.Reference, RecipientOutcome.Planned, occurrence)
            : deciding.TryGetValue(id, out var row) ? new(one.Reference, RecipientOutcome.Suppressed, row.Occurrence, row.Reason)
            : new(one.Reference, RecipientOutcome.Suppressed, null, Wording.English.Reason(identity.Rule));
    }

    private async Task<Dictionary<long, long>> InsertAsync(
        Asked asked,
        IReadOnlyList<WantedVersion> wanted,
        string by,
        CancellationToken cancellationToken
    )
    {
        var planned = new Dictionary<long, long>(wanted.Count);
        if (wanted.Count == 0)
        {
            return planned;
        }

        var isFirst = false;
        var shared = await SharedData.KeepAsync(db, asked.Data, wanted.Count, cancellationToken);
        await using (var insert = db.Command(Statement.Named("Notifications/Sql/plan.sql")))
        {
            // Empty wanted_in would mean that closing the subject takes nothing back.
            var wantedIn = asked.Kind.WantedIn.Count > 0 ? asked.Kind.WantedIn.ToArray() : ["open"];
            insert.With(
                asked.Kind.Name,
                asked.Subject.Id,
                wanted.Select(one => one.RecipientId).ToArray(),
                wanted.Select(one => one.Version).ToArray(),
                wantedIn,
                asked.DueAt.ToUniversalTime(),
                (asked.DueAt + asked.Kind.UsefulFor).ToUniversalTime()
            );
            insert.Parameters.Add(new() { Value = shared is null ? asked.Data : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            insert.With(by).Parameters.Add(SharedData.Parameter(shared));
            await using var reader = await insert.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                planned[reader.GetInt64(1)] = reader.GetInt64(0);
                isFirst = reader.GetInt64(2) > 0;
            }
        }
        changes.FollowUp(
            new(
                planned.Count,
                wanted.Count - planned.Count,
                isFirst ? [new(asked.Kind.Name, asked.DueAt)] : [],
                asked.DueAt <= asked.Now ? [asked.Kind.Name] : []
            )
        );
        return planned;
    }

    /// <summary>What is not yet sent of older versions is not wanted any more; the fence takes it back.</summary>
    private async Task SupersedeAsync(Asked asked, IEnumerable<WantedVersion> planned, string by, CancellationToken cancellationToken)
    {
        if (asked.Kind.Identity == IdentityPolicy.Once)
        {
            return;
        }

        var versions = planned.ToArray();
        // A version is the subject's, whoever is told; a window is each recipient's own.
        await using var mark =
            asked.Kind.Identity == IdentityPolicy.Version
                ? db.Command(SupersedeSubject).With(asked.Subject.Id, asked.Kind.Name, versions[0].Version)
                : db.Command(SupersedeEach)
                    .With(
                        asked.Subject.Id,
                        asked.Kind.Name,
                        versions.Select(one => one.RecipientId).ToArray(),
                        versions.Select(one => one.Version).ToArray()
                    );
        if (await HashedAsync(mark, cancellationToken) > 0)
        {
            await changes.ApplyAsync(asked.Subject.Id, null, by, cancellationToken);
        }
    }

    // No index leads from a recipient to the subject's other versions, and a subject is thought to have few rows: left to
    // itself, the plan would hold ten thousand of them one by one against ten thousand recipients. For this statement alone:
    // what is planned while it is off is kept.
    private async Task<int> HashedAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var off = db.Command("SET LOCAL enable_nestloop = off");
        await off.ExecuteNonQueryAsync(cancellationToken);
        var changed = await command.ExecuteNonQueryAsync(cancellationToken);
        await using var on = db.Command("SET LOCAL enable_nestloop = on");
        await on.ExecuteNonQueryAsync(cancellationToken);
        return changed;
    }

    private async Task<Dictionary<long, (long Occurrence, string Reason)>> CountSuppressedAsync(
        Asked asked,
        IReadOnlyList<WantedVersion> suppressed,
        string rule,
        string by,
        CancellationToken cancellationToken
    )
    {
        var deciding = new Dictionary<long, (long, string)>(suppressed.Count);
        if (suppressed.Count == 0)
        {
            return deciding;
        }

        await using var count = db.Command(CountSuppressed)
            .With(
                asked.Kind.Name,
                asked.Subject.Id,
                suppressed.Select(one => one.RecipientId).ToArray(),
                suppressed.Select(one => one.Version).ToArray(),
                rule,
                by
            );
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (row, planned) = (reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(3));
            deciding[reader.GetInt64(0)] = (
                row,
                $"{Wording.English.Reason(rule)}: occurrence {row}, planned {planned:u}, is {reader.GetString(2)}"
            );
        }

        return deciding;
    }

    internal static readonly string CountSuppressed = Statement.Named("Notifications/Sql/suppressed.sql");

    internal const string SupersedeSubject = """
        UPDATE reminders.occurrence SET superseded_by = $3
        WHERE subject_id = $1 AND kind = $2 AND version < $3 AND superseded_by IS NULL AND state IN ('planned', 'waiting', 'fired')
        """;

    internal const string SupersedeEach = """
        UPDATE reminders.occurrence o SET superseded_by = n.version
        FROM unnest($3, $4) AS n (recipient_id, version)
        WHERE o.subject_id = $1 AND o.kind = $2 AND o.version < n.version AND o.superseded_by IS NULL
          AND o.recipient_id = n.recipient_id AND o.state IN ('planned', 'waiting', 'fired')
        """;
}
