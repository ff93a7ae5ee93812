using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Notifications;

/// <summary>The version of a subject that one recipient is to be told of.</summary>
internal readonly record struct WantedVersion(long RecipientId, int Version);

/// <param name="Wanted">To be planned, unless the ledger has it.</param>
/// <param name="Suppressed">Not to be planned, for what the ledger has in this version.</param>
/// <param name="Rule">What decides against a second one, in words.</param>
internal sealed record Identity(IReadOnlyList<WantedVersion> Wanted, IReadOnlyList<WantedVersion> Suppressed, string Rule);

/// <summary>
/// Rule 4: which version a request is for. The ledger's UNIQUE index then decides whether that version is new, so none of
/// these looks before it inserts; the window's key is re-armed by one atomic statement.
/// </summary>
internal sealed class IdentityPolicies(RemindersDb db)
{
    private const string TheSame = "same kind, subject, version and recipient";

    public async Task<Identity> DecideAsync(Asked asked, IReadOnlyList<long> recipients, CancellationToken cancellationToken)
    {
        switch (asked.Kind.Identity)
        {
            case IdentityPolicy.Once:
                return new([.. recipients.Select(id => new WantedVersion(id, 1))], [], "told once, ever");
            case IdentityPolicy.Window:
                return await ArmAsync(asked, recipients, cancellationToken);
            default:
                var newest = await NewestAsync(asked, cancellationToken);
                var version = asked.Version ?? Math.Max(newest ?? 1, asked.Subject.Version);
                return asked.Kind.Supersedes && version < newest
                    ? new([], [.. recipients.Select(id => new WantedVersion(id, newest.Value))], $"superseded by version {newest}")
                    : new([.. recipients.Select(id => new WantedVersion(id, version))], [], TheSame);
        }
    }

    private async Task<int?> NewestAsync(Asked asked, CancellationToken cancellationToken)
    {
        await using var find = db.Command("SELECT max(version) FROM reminders.occurrence WHERE subject_id = $1 AND kind = $2")
            .With(asked.Subject.Id, asked.Kind.Name);
        return await find.ExecuteScalarAsync(cancellationToken) as int?;
    }

    private async Task<Identity> ArmAsync(Asked asked, IReadOnlyList<long> recipients, CancellationToken cancellationToken)
    {
        var armed = new List<WantedVersion>();
        await using (var arm = db.Command("""
            INSERT INTO reminders.window_key AS w (kind, subject_id, recipient_id, fingerprint)
            SELECT $1, $2, id, $4 FROM unnest($3) AS id ORDER BY id
            ON CONFLICT (kind, subject_id, recipient_id, fingerprint) DO UPDATE
            SET armed_at = clock_timestamp(), version = nextval('reminders.window_version')
            WHERE w.armed_at < clock_timestamp() - $5
            RETURNING recipient_id, version
            """).With(asked.Kind.Name, asked.Subject.Id, recipients.ToArray(), asked.Fingerprint, asked.Kind.Window))
        await using (var reader = await arm.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                armed.Add(new(reader.GetInt64(0), reader.GetInt32(1)));
        }
        var suppressed = new List<WantedVersion>();
        await using var closed = db.Command("""
            SELECT recipient_id, version FROM reminders.window_key
            WHERE kind = $1 AND subject_id = $2 AND fingerprint = $4 AND recipient_id = ANY ($3)
            """).With(asked.Kind.Name, asked.Subject.Id, recipients.Except(armed.Select(one => one.RecipientId)).ToArray(), asked.Fingerprint);
        await using (var reader = await closed.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                suppressed.Add(new(reader.GetInt64(0), reader.GetInt32(1)));
        }
        return new(armed, suppressed, $"the same within {asked.Kind.Window}");
    }
}
