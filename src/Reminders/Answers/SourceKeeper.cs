using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Storage;

namespace Reminders.Answers;

/// <summary>Writes down what <see cref="SourceWatch"/> heard, for doctor and for the other nodes' readiness.</summary>
internal sealed partial class SourceKeeper(SourceWatch sources, LoopWatch loops, TimeProvider time, ILogger<SourceKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pulse = loops.Add("source words", TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await sources.KeepAsync(stoppingToken);
                pulse.Beat();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotKept(exception.Message);
            }
        }
    }

    [LoggerMessage(4010, LogLevel.Warning, "What providers said of their updates could not be written down, and is again: {Reason}")]
    private partial void LogNotKept(string reason);
}
