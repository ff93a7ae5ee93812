using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;
using Reminders.Storage;

namespace Reminders.Scheduling;

/// <summary>
/// Puts this node's scheduler on standby while its clock is far off: it would fire early or late, and Quartz's cluster
/// takes a skewed node's check-ins for those of a dead one. The reconciler goes on, by the database's clock: it may be that
/// one which is wrong, and then every node stands its Quartz down at once.
/// </summary>
internal sealed partial class ClockGuard(ISchedulerFactory schedulers, ClockWatch clock, LoopWatch loops, TimeProvider time, ILogger<ClockGuard> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var standing = false;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var pulse = loops.Add("clock guard", TimeSpan.FromMinutes(1));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var halted = clock.Halted;
            if (!halted && !standing)
            {
                pulse.Beat();
                continue;
            }
            try
            {
                var scheduler = await schedulers.GetScheduler(stoppingToken);
                if (!halted)
                {
                    await scheduler.Start(stoppingToken);
                    standing = false;
                }
                // Asked each time: a clock that was wrong from the start is noticed before Quartz's own service starts it.
                else if (await scheduler.GetStatus(stoppingToken) == SchedulerStatus.Running)
                {
                    await scheduler.Standby(stoppingToken);
                    standing = true;
                }
                pulse.Beat();
            }
            // Whatever it is, it must not end the loop: an exception here would stop the whole node.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotSwitched(exception.Message);
            }
        }
    }

    [LoggerMessage(2005, LogLevel.Warning, "The scheduler could not be switched and is asked again: {Reason}")]
    private partial void LogNotSwitched(string reason);
}
