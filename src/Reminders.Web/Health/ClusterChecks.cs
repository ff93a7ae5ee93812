using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Storage;

namespace Reminders.Web.Health;

/// <summary>A clock that is off costs this node its part in firing, not its requests: degraded, and said.</summary>
internal sealed class ClockCheck(ClockWatch clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var off = string.Create(CultureInfo.InvariantCulture, $"The clock is {clock.Skew.TotalSeconds:+0.0;-0.0} s off the database's");
        return Task.FromResult(clock switch
        {
            { Halted: true } => HealthCheckResult.Degraded($"{off}: this node does not fire. Set it by NTP."),
            { Skewed: true } => HealthCheckResult.Degraded($"{off}: set it by NTP."),
            _ => HealthCheckResult.Healthy("The clock agrees with the database's."),
        });
    }
}

/// <summary>A broken channel is the cluster's trouble, not this node's: it stays ready, and says so.</summary>
internal sealed class ChannelsCheck(Database dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var ask = dataSource.CreateCommand("SELECT string_agg(name, ', ' ORDER BY name) FROM reminders.channel WHERE broken_since IS NOT NULL");
            return await ask.ExecuteScalarAsync(cancellationToken) is string broken
                ? HealthCheckResult.Degraded($"Broken, with the queue kept: {broken}. doctor says why.")
                : HealthCheckResult.Healthy("No channel is broken.");
        }
        catch (Exception)
        {
            return HealthCheckResult.Unhealthy("The channels could not be looked at.");
        }
    }
}
