using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Reminders.Web.Telemetry;

/// <summary>Runs the exporters for as long as the host runs; stopping sends what is still held back.</summary>
internal sealed class TelemetryExport(Func<OpenTelemetrySdk> start) : IHostedService
{
    private OpenTelemetrySdk? running;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        running?.Dispose();
        return Task.CompletedTask;
    }
}
