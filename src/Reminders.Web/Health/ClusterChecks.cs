using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Nodes;
using Reminders.Outbox.Operators;
using Reminders.Storage;

namespace Reminders.Web.Health;

/// <summary>A clock that is off costs this node its Quartz, and neither its requests nor a reminder: degraded, and said.</summary>
internal sealed class ClockCheck(ClockWatch clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var off = string.Create(CultureInfo.InvariantCulture, $"The clock is {clock.Skew.TotalSeconds:+0.0;-0.0} s off the database's");
        return Task.FromResult(
            clock switch
            {
                { Halted: true } => HealthCheckResult.Degraded(
                    $"{off}: Quartz stands by here, and the reconciler fires by the database's. Set it by NTP, here or there."
                ),
                { Skewed: true } => HealthCheckResult.Degraded($"{off}: set it by NTP."),
                _ => HealthCheckResult.Healthy("The clock agrees with the database's."),
            }
        );
    }
}

/// <summary>A channel in trouble is the cluster's, not this node's: it stays ready, and says so.</summary>
internal sealed class ChannelsCheck(Database dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var channels = await ChannelBoard.ReadAsync(dataSource.CreateCommand, [], only: null, queue: false, cancellationToken);
            // What a 429 asks is answered by the next message; what it asks of recipients concerns nobody else. A mail server that
            // greets and then takes nothing answers each time it is asked: only a delivery ends its trouble.
            var troubled = channels
                .Where(channel => channel.State is "stopped" or "broken" or "resting" or "answering" or "waiting")
                .ToArray();
            return troubled.Length > 0
                ? HealthCheckResult.Degraded($"{string.Join(" ", troubled.Select(Says))} The queue is kept.")
                : HealthCheckResult.Healthy("No channel is in trouble.");
        }
        catch (Exception)
        {
            return HealthCheckResult.Unhealthy("The channels could not be looked at.");
        }
    }

    // Open to all: the provider's words are for operators.
    private static string Says(ChannelStatus channel) =>
        channel.State switch
        {
            "stopped" => $"{channel.Name} was stopped by hand at {Show(channel.Since)}.",
            "waiting" => $"{channel.Name} was asked to wait until {Show(channel.Until)}.",
            "broken" => $"{channel.Name} has been broken since {Show(channel.Since)}, {Next(channel)}; doctor says why.",
            "answering" =>
                $"{channel.Name} had not answered since {Show(channel.Since)} and answers again; nothing has been delivered since.",
            _ => $"{channel.Name} has not answered since {Show(channel.Since)} and rests, {Next(channel)}; doctor says why.",
        };

    private static string Next(ChannelStatus channel) => channel.Until is null ? "tried at once" : $"tried next at {Show(channel.Until)}";

    private static string Show(DateTimeOffset? instant) => string.Create(CultureInfo.InvariantCulture, $"{instant:yyyy-MM-dd HH:mm:ss'Z'}");
}
