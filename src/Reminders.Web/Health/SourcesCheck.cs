using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Reminders.Channels.Telegram;
using Reminders.Inbound;
using Reminders.Storage;

namespace Reminders.Web.Health;

/// <summary>
/// Whether answers get here, in the providers' last word. It is the cluster's trouble, or the provider's, and this node takes
/// bookings all the same: degraded, and said.
/// </summary>
internal sealed class SourcesCheck(Database dataSource, TelegramOptions telegram) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var states = await SourceState.ReadAsync(dataSource, cancellationToken);
            // A node that just began has not asked yet, and another may have died holding the lease.
            var bound = (telegram.Mode == TelegramMode.Webhook ? telegram.WebhookCheckInterval : telegram.PollTimeout) + telegram.SendTimeout * 2 + TimeSpan.FromMinutes(1);
            var wrong = states.Select(state => (state.Name, Wrong: state.Wrong(state.Name == UpdateStore.Telegram && state.SinceChecked is not null ? bound : null)))
                .Where(pair => pair.Wrong is not null).Select(pair => $"{pair.Name}: {pair.Wrong}.").ToArray();
            return wrong.Length > 0
                ? HealthCheckResult.Degraded(string.Join(' ', wrong))
                : HealthCheckResult.Healthy(states.Count == 0 ? "No provider was heard yet." : "The providers deliver updates.");
        }
        catch (Exception)
        {
            return HealthCheckResult.Unhealthy("The providers' last words could not be read.");
        }
    }
}
