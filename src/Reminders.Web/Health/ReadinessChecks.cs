using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Reminders.Nodes;
using Reminders.Scheduling;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Web.Health;

/// <summary>Asks for a write, because that is what a node does: a standby, or a server told to take none, answers every question.</summary>
internal sealed class DatabaseCheck(Database dataSource, NodeName node, DatabaseTrouble trouble) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var write = dataSource
                .CreateCommand(
                    """
                    INSERT INTO reminders.node (name, version, probed_at) VALUES ($1, $2, clock_timestamp())
                    ON CONFLICT (name) DO UPDATE SET probed_at = excluded.probed_at
                    """
                )
                .With(node.Value, Heartbeat.Version);
            await write.ExecuteNonQueryAsync(cancellationToken);
            return HealthCheckResult.Healthy("The database takes writes.");
        }
        catch (Exception exception)
        {
            trouble.Heard(exception);
            return HealthCheckResult.Unhealthy(
                exception switch
                {
                    _ when Faults.Of(exception) == Fault.SharedSession => Faults.Say(exception),
                    _ when Faults.Of(exception) == Fault.ReadOnly =>
                        "The database takes no writes: it is a standby, or default_transaction_read_only is on.",
                    PostgresException { SqlState: var state } => $"The database refuses a write (SQLSTATE {state}).",
                    _ => "The database does not answer.",
                }
            );
        }
    }
}

/// <summary>Standing by for its clock, Quartz leaves firing to the reconciler: degraded. For any other reason nobody wanted it.</summary>
internal sealed class SchedulerCheck(SchedulerWatch scheduler, ClockWatch clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var (runs, status) = await scheduler.LookAsync(cancellationToken);
            if (!runs && clock.Halted)
            {
                return HealthCheckResult.Degraded("Quartz stands by while the clock is off; the reconciler fires by the database's.");
            }

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
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(
            signals.Listening
                ? HealthCheckResult.Healthy("Hears the other nodes.")
                : HealthCheckResult.Degraded("Does not hear the other nodes and polls meanwhile.")
        );
}
