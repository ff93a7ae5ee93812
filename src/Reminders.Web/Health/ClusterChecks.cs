using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
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

/// <summary>A broken or paused channel is the cluster's trouble, not this node's: it stays ready, and says so.</summary>
internal sealed class ChannelsCheck(NpgsqlDataSource dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var ask = dataSource.CreateCommand("""
                SELECT string_agg(name || CASE WHEN broken_since IS NOT NULL THEN ' is broken'
                                               ELSE to_char(paused_until AT TIME ZONE 'UTC', '" is paused until" YYYY-MM-DD HH24:MI:SS "UTC"') END, ', ' ORDER BY name)
                FROM reminders.channel WHERE broken_since IS NOT NULL OR paused_until > now()
                """);
            return await ask.ExecuteScalarAsync(cancellationToken) is string resting
                ? HealthCheckResult.Degraded($"With the queue kept: {resting}. doctor says why.")
                : HealthCheckResult.Healthy("No channel is broken or paused.");
        }
        catch (Exception)
        {
            return HealthCheckResult.Unhealthy("The channels could not be looked at.");
        }
    }
}
