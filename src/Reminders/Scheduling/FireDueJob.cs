using Quartz;
using Reminders.Ledger;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Scheduling;

/// <summary>
/// The one job class: a durable job per kind, fired by one trigger per (kind, due second). It says when, never whether;
/// what is due and still wanted is asked of the ledger, so running it twice, late or for nothing does no harm. Where dispatchers
/// take what is due by themselves, it wakes them.
/// </summary>
internal sealed class FireDueJob(Database dataSource, Firing firing, DirectDispatch direct, ClockWatch clock, TimeProvider time) : IJob
{
    /// <summary>Stored in job_class_name instead of the class's name, so that renaming it orphans no job.</summary>
    public const string StoredName = "reminders:fire-due";

    public const string Group = "reminders";

    // Quartz fires by its node's clock and the ledger is judged by the database's: a node a little ahead waits it out.
    // Further ahead than this, the reconciler fires.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(3);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        // Acquired before the skew was noticed: the reconciler fires, by the database's clock.
        if (clock.Halted)
        {
            return;
        }

        var kind = context.JobDetail.Key.Name;
        if (direct.SeesTo(kind))
        {
            // Every node's dispatcher is told, so that they share a burst.
            direct.Wake(kind);
            await using var tell = dataSource.CreateCommand($"NOTIFY {dataSource.Names.Channel(Signals.OutboxChannel)}");
            await tell.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        if (await firing.FireAsync(kind, cancellationToken) > 0)
        {
            return;
        }

        if (await firing.NextDueAsync(kind, Ahead, cancellationToken) is not { } early)
        {
            return;
        }

        await Task.Delay(early + TimeSpan.FromMilliseconds(1), time, cancellationToken);
        await firing.FireAsync(kind, cancellationToken);
    }
}
