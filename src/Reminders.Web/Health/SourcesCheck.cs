using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Inbound;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Web.Health;

/// <summary>
/// Whether answers get here, in the providers' last word. It is the cluster's trouble, or the provider's, and this node takes
/// bookings all the same: degraded, and said.
/// </summary>
internal sealed class SourcesCheck(Database dataSource, IEnumerable<AskedSource> asked) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var states = await SourceState.ReadAsync(dataSource, cancellationToken);
            var bounds = asked.ToDictionary(source => source.Name, source => (TimeSpan?)source.Bound);
            var wrong = states
                .Select(state =>
                    (state.Name, Wrong: state.Wrong(state.SinceChecked is not null ? bounds.GetValueOrDefault(state.Name) : null))
                )
                .Where(pair => pair.Wrong is not null)
                .Select(pair => $"{pair.Name}: {Wording.English.Of(pair.Wrong!)}.")
                .ToArray();
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
