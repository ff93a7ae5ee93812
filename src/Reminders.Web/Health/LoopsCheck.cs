using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Nodes;

namespace Reminders.Web.Health;

/// <summary>A loop that does not come round does its part for nobody: the node is not ready, and says which.</summary>
internal sealed class LoopsCheck(LoopWatch loops) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var all = loops.Look();
        var hanging = all.Where(loop => loop.Hangs)
            .Select(loop =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{loop.Name}' has not come round for {loop.Silence.TotalSeconds:0} s (at most {loop.Bound.TotalSeconds:0} s)"
                )
            )
            .ToArray();
        return Task.FromResult(
            hanging.Length > 0
                ? HealthCheckResult.Unhealthy($"{string.Join("; ", hanging)}.")
                : HealthCheckResult.Healthy($"All {all.Count} loops come round.")
        );
    }
}
