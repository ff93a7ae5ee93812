using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Failover;
using Reminders.Storage;

namespace Reminders.Web.Health;

/// <summary>Whether nothing is sent because the database has stepped back: the cluster's trouble, so this node stays ready.</summary>
internal sealed class FailoverCheck(Database dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            // Open to all: doctor names the nodes.
            return await LastFailover.ReadAsync(dataSource, cancellationToken) is { IsOver: false }
                ? HealthCheckResult.Degraded(
                    "The database has stepped back: nothing is sent until it is known what was sent already; doctor says who is waited for."
                )
                : HealthCheckResult.Healthy("No fail-over is being recovered from.");
        }
        catch (Exception)
        {
            return HealthCheckResult.Unhealthy("Whether the database has stepped back could not be looked at.");
        }
    }
}
