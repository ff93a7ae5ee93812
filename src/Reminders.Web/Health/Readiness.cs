using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reminders.Web.Health;

/// <summary>
/// <c>/health/live</c>: the process answers; restart it when it does not. <c>/health/ready</c>: it can do its work; send it
/// requests while it says so. Both are open to all and tell no secret.
/// </summary>
internal static class Readiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static IServiceCollection AddReadiness(this IServiceCollection services, bool planOnly)
    {
        var checks = services
            .AddHealthChecks()
            .AddCheck<DatabaseCheck>("database", timeout: Patience)
            .AddCheck<SchemaCheckup>("migrations", timeout: Patience)
            .AddCheck<LoopsCheck>("loops", timeout: Patience)
            .AddCheck<RowsCheck>("rows", timeout: Patience)
            .AddCheck<ListenerCheck>("listener", timeout: Patience)
            .AddCheck<ClockCheck>("clock", timeout: Patience)
            .AddCheck<FailoverCheck>("failover", timeout: Patience)
            .AddCheck<ChannelsCheck>("channels", timeout: Patience)
            .AddCheck<SourcesCheck>("updates", timeout: Patience);
        if (!planOnly)
        {
            checks.AddCheck<SchedulerCheck>("scheduler", timeout: Patience);
        }

        services.AddSingleton<SharedReadiness>();
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync })
            .AllowAnonymous();
        app.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription().AllowAnonymous();
    }

    private static async Task ReadyAsync(HttpContext context, SharedReadiness readiness)
    {
        var report = await readiness.AskAsync();
        context.Response.StatusCode =
            report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.Headers.CacheControl = "no-store, no-cache";
        await WriteAsync(context, report);
    }

    // Only descriptions that the checks chose: an exception's message may hold a connection string.
    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                Status = Word(report.Status),
                Checks = report.Entries.ToDictionary(
                    entry => entry.Key,
                    entry => new { Status = Word(entry.Value.Status), entry.Value.Description }
                ),
            }
        );

    /// <summary>
    /// Asked by anybody and as often as they like, it costs a write and a look at the schema: so it is looked at once at a time,
    /// and who asks meanwhile is told the same.
    /// </summary>
    internal sealed class SharedReadiness(HealthCheckService health)
    {
        private readonly Lock _gate = new();
        private Task<HealthReport>? _asking;

        public Task<HealthReport> AskAsync()
        {
            lock (_gate)
            {
                return _asking is { IsCompleted: false } ? _asking : _asking = health.CheckHealthAsync(CancellationToken.None);
            }
        }
    }

    private static string Word(HealthStatus status) =>
        status switch
        {
            HealthStatus.Healthy => "ok",
            HealthStatus.Degraded => "degraded",
            _ => "failing",
        };
}
