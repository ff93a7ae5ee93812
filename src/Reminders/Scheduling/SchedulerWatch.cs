using Quartz;

namespace Reminders.Scheduling;

/// <summary>Whether this node's Quartz scheduler runs, for those who may not know Quartz.</summary>
internal sealed class SchedulerWatch(ISchedulerFactory schedulers)
{
    /// <returns>Its status in Quartz's own word, and whether that means that it fires.</returns>
    public async Task<(bool Runs, string Status)> LookAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var status = await scheduler.GetStatus(cancellationToken);
        return (status == SchedulerStatus.Running, status.ToString());
    }
}
