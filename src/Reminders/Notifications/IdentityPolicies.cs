using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Notifications;

/// <summary>The version of a subject that one recipient is to be told of.</summary>
internal readonly record struct WantedVersion(long RecipientId, long Version);

/// <param name="Wanted">To be planned, unless the ledger has it.</param>
/// <param name="Suppressed">Not to be planned, for what the ledger has in this version.</param>
/// <param name="Rule">What decides against a second one.</param>
/// <param name="Metric">The same in one word, as <see cref="SuppressionMetrics"/> has it.</param>
internal sealed record Identity(IReadOnlyList<WantedVersion> Wanted, IReadOnlyList<WantedVersion> Suppressed, string Rule, string Metric);

/// <summary>
/// Rule 4: which version a request is for. The ledger's UNIQUE index then decides whether that version is new, so none of
/// these looks before it inserts; the window's key is re-armed by one atomic statement.
/// </summary>
internal sealed class IdentityPolicies(CommandTransaction db)
{
    private static readonly string TheSame = Reasons.Of("same_version");

    public async Task<Identity> DecideAsync(Asked asked, IReadOnlyList<long> recipients, CancellationToken cancellationToken)
    {
        switch (asked.Kind.Identity)
        {
            case IdentityPolicy.Once:
                return new([.. recipients.Select(id => new WantedVersion(id, 1))], [], Reasons.Of("told_once"), SuppressionMetrics.Once);
            case IdentityPolicy.Window:
                return await ArmAsync(asked, recipients, cancellationToken);
            default:
                var newest = await NewestAsync(asked, cancellationToken);
                var version = asked.Version ?? Math.Max(newest ?? 1, asked.Subject.Version);
                return asked.Kind.Supersedes && version < newest
                    ? new(
                        [],
                        [.. recipients.Select(id => new WantedVersion(id, newest.Value))],
                        Reasons.Of("superseded", newest),
                        SuppressionMetrics.Superseded
                    )
                    : new([.. recipients.Select(id => new WantedVersion(id, version))], [], TheSame, SuppressionMetrics.SameVersion);
        }
    }

    private async Task<long?> NewestAsync(Asked asked, CancellationToken cancellationToken)
    {
        await using var find = db.Command("SELECT max(version) FROM reminders.occurrence WHERE subject_id = $1 AND kind = $2")
            .With(asked.Subject.Id, asked.Kind.Name);
        return await find.ExecuteScalarAsync(cancellationToken) as long?;
    }

    private async Task<Identity> ArmAsync(Asked asked, IReadOnlyList<long> recipients, CancellationToken cancellationToken)
    {
        var armed = new List<WantedVersion>();
        await using (
            var arm = db.Command(Statement.Named("Notifications/Sql/arm-windows.sql"))
                .With(asked.Kind.Name, asked.Subject.Id, recipients.ToArray(), asked.Fingerprint, asked.Kind.Window)
        )
        await using (var reader = await arm.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                armed.Add(new(reader.GetInt64(0), reader.GetInt64(1)));
            }
        }
        var suppressed = new List<WantedVersion>();
        await using var closed = db.Command(
                """
                SELECT recipient_id, version FROM reminders.window_key
                WHERE kind = $1 AND subject_id = $2 AND fingerprint = $4 AND recipient_id = ANY ($3)
                """
            )
            .With(asked.Kind.Name, asked.Subject.Id, recipients.Except(armed.Select(one => one.RecipientId)).ToArray(), asked.Fingerprint);
        await using (var reader = await closed.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                suppressed.Add(new(reader.GetInt64(0), reader.GetInt64(1)));
            }
        }
        return new(armed, suppressed, Reasons.Of("window", (long)asked.Kind.Window.TotalSeconds), SuppressionMetrics.Window);
    }
}
