using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>What nodes have to come round to: leases that ended, what was answered, what is old.</summary>
internal static class UpkeepChecks
{
    // The reaper looks every second or two; a node that renews late does so within its lease.
    private static readonly TimeSpan Reaped = TimeSpan.FromSeconds(30);

    // A press is handled within a second, and is tried again within a minute where it fails.
    private static readonly TimeSpan Handled = TimeSpan.FromMinutes(2);

    // It purges every ten minutes, for as long as there is something.
    private static readonly TimeSpan Purged = TimeSpan.FromDays(1);

    public static async Task<Finding> LeasesAsync(Database database, CancellationToken cancellationToken)
    {
        var (count, since) = await database.CountAsync(
            """
            SELECT count(*), min(lease_until) FROM (
                SELECT lease_until FROM reminders.under_way WHERE lease_until < now() - $1::interval LIMIT $2) found
            """,
            cancellationToken,
            Reaped,
            Shown.Most + 1
        );
        return count == 0
            ? Finding.Good("lease_expired", "leases", new("found.leases_well"))
            : Finding.Bad(
                "lease_expired",
                "leases",
                new("found.leases_over", Shown.Count(count)),
                Fix.ByCommand(new("fix.lease"), "serve")
            ) with
            {
                Since = since,
            };
    }

    public static async Task<Finding> UpdatesAsync(Database database, CancellationToken cancellationToken)
    {
        var (count, since) = await database.CountAsync(
            """
            SELECT count(*), min(received_at) FROM (
                SELECT received_at FROM reminders.inbound_update WHERE state = 'received' ORDER BY seq LIMIT $2) found
            WHERE received_at < now() - $1::interval
            """,
            cancellationToken,
            Handled,
            Shown.Most + 1
        );
        return count == 0
            ? Finding.Good("update_waiting", "answers", new("found.updates_handled"))
            : Finding.Bad(
                "update_waiting",
                "answers",
                new("found.updates_wait", Shown.Count(count), (long)Handled.TotalMinutes),
                Fix.ByCommand(new("fix.updates"), "serve")
            ) with
            {
                Since = since,
            };
    }

    public static async Task<Finding> RetentionAsync(Database database, RetentionOptions retention, CancellationToken cancellationToken)
    {
        var (count, since) = await database.CountAsync(
            Statement.Named("Doctor/Sql/kept-too-long.sql"),
            cancellationToken,
            retention.Messages + Purged,
            retention.IdempotencyKeys + Purged,
            Shown.Most + 1
        );
        return count == 0
            ? Finding.Good("retention_behind", "retention", new("found.retention_well"))
            : Finding.Attention(
                "retention_behind",
                "retention",
                new("found.retention_behind", Shown.Count(count)),
                new("fix.retention")
            ) with
            {
                Since = since,
            };
    }
}
