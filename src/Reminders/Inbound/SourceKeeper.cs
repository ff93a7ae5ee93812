using Microsoft.Extensions.Hosting;
using Reminders.Nodes;

namespace Reminders.Inbound;

/// <summary>Writes down what <see cref="SourceWatch"/> heard, for doctor and for the other nodes' readiness.</summary>
internal sealed class SourceKeeper(SourceWatch sources, LoopWatch loops, Outages outages, TimeProvider time) : BackgroundService
{
    private const string What = "Writing down what providers said of their updates";
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
                outages.Works(What);
                pulse.Beat();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                outages.Failed(What, exception);
            }
        }
    }
}
