using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Scheduling;
using Reminders.Storage;

namespace Reminders.Web.Health;

internal sealed class DatabaseCheck(Database dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var ask = dataSource.CreateCommand("SELECT 1");
            await ask.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy("The database answers.");
        }
        catch (Exception)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}

internal sealed class MigrationsCheck(Migrator migrator) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await migrator.MissingAsync(cancellationToken) is { Count: > 0 } missing
                ? HealthCheckResult.Unhealthy($"The database lacks schema scripts {string.Join(", ", missing)}: run migrate.")
                : HealthCheckResult.Healthy("The schema is this build's.");
        }
        catch (Exception)
        {
            return HealthCheckResult.Unhealthy("The schema could not be looked at.");
        }
    }
}

internal sealed class SchedulerCheck(SchedulerWatch scheduler) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var (runs, status) = await scheduler.LookAsync(cancellationToken);
            return runs ? HealthCheckResult.Healthy("Quartz runs.") : HealthCheckResult.Unhealthy($"Quartz is {status}.");
        }
        catch (Exception)
        {
            return HealthCheckResult.Unhealthy("Quartz could not be asked.");
        }
    }
}

/// <summary>Deaf is slower, not wrong: every loop polls besides. So the node stays ready, and says it is degraded.</summary>
internal sealed class ListenerCheck(Signals signals) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) => Task.FromResult(
        signals.Listening
            ? HealthCheckResult.Healthy("Hears the other nodes.")
            : HealthCheckResult.Degraded("Does not hear the other nodes and polls meanwhile."));
}
