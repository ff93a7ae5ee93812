using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Hosting;
using Reminders.Web.Health;

namespace Reminders.Web;

/// <summary>The engine's readiness among the app's own health checks, where the app wants it there.</summary>
public static class RemindersHealth
{
    /// <summary>One check that says what <c>/health/ready</c> below the engine's prefix says. Needs <c>MapReminders</c>.</summary>
    /// <param name="name">Of the check. Default <c>reminders</c>, or <c>reminders-tenant-a</c> of an installation that is named so.</param>
    /// <param name="tags">Default <c>reminders</c>.</param>
    /// <param name="installation">Which one, where the app has several. Default: the one without a name.</param>
    public static IHealthChecksBuilder AddReminders(
        this IHealthChecksBuilder checks,
        string? name = null,
        IEnumerable<string>? tags = null,
        string? installation = null
    ) =>
        checks.Add(
            new(
                name ?? (installation is null ? "reminders" : $"reminders-{installation}"),
                provider => new Check(provider.RequireEngine(installation, "the health check")),
                failureStatus: null,
                tags ?? ["reminders"]
            )
        );

    private sealed class Check(RemindersEngine engine) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            var report = await engine.Services.GetRequiredService<Readiness.SharedReadiness>().AskAsync();
            var wrong = report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy).ToArray();
            return new(
                report.Status,
                wrong.Length == 0 ? "All is well." : string.Join(" ", wrong.Select(entry => $"{entry.Key}: {entry.Value.Description}"))
            );
        }
    }
}
