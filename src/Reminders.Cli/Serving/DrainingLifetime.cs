using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Hosting;

namespace Reminders.Cli.Serving;

/// <summary>
/// In place of the host's own lifetime, which closes the port at the first signal: whoever sends requests here would hear of it by
/// requests that fail. A node that is told to end is not ready from then on, works on for the drain, and only then stops.
/// </summary>
internal sealed partial class DrainingLifetime(
    TimeSpan drain,
    IHostApplicationLifetime host,
    TimeProvider time,
    ILogger<DrainingLifetime> logger
) : IHostLifetime
{
    private int _told;

    public bool IsTold => Volatile.Read(ref _told) != 0;

    /// <summary>The node is told to end. Said once more, it changes nothing.</summary>
    public void Tell()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            _ = StopAfterAsync();
        }
    }

    // The command hears the signals, and tells.
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task StopAfterAsync()
    {
        if (drain > TimeSpan.Zero)
        {
            LogDrains(drain);
            await Task.Delay(drain, time, host.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        host.StopApplication();
    }

    [LoggerMessage(9001, LogLevel.Information, "Told to end: not ready from now on, and working on for {Drain}")]
    private partial void LogDrains(TimeSpan drain);
}

/// <summary>Not ready, because it is about to go.</summary>
internal sealed class DrainCheck(AppServices app) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(
            app.Own.GetService(typeof(IHostLifetime)) is DrainingLifetime { IsTold: true }
                ? HealthCheckResult.Unhealthy("The node was told to end, and takes requests for a little longer.")
                : HealthCheckResult.Healthy("The node stays.")
        );
}
