using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Nodes;

namespace Reminders.Web.Health;

/// <summary>What the database refuses is left alone, and whoever it is for waits: the others do not, so the node stays ready and says
/// so.</summary>
internal sealed class RowsCheck(PutAsides asides) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(
            asides.Look() is { Length: > 0 } left
                ? HealthCheckResult.Degraded($"The database refuses rows, which are left alone for a while: {string.Join("; ", left)}.")
                : HealthCheckResult.Healthy("The database takes every row.")
        );
}
