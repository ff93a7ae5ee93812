using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Storage;
using Reminders.Storage.Schema;
using Reminders.Words;

namespace Reminders.Web.Health;

/// <summary>
/// Whether the schema is one this build can work with, and whether what identity and every statement stand on is there and
/// valid: a dropped unique index makes each booking a 500, or lets the same reminder be planned twice.
/// </summary>
internal sealed class SchemaCheckup(Migrator migrator, SchemaCheck check) : IHealthCheck
{
    private const int Shown = 3;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var standing = await migrator.StandingAsync(cancellationToken);
            if (standing.Problem is { } problem)
            {
                return HealthCheckResult.Unhealthy(Wording.English.Of(problem));
            }

            if (standing is { Missing: { Count: > 0 } missing })
            {
                return HealthCheckResult.Unhealthy(
                    $"The database lacks schema scripts {string.Join(", ", missing.Select(script => script.Name))}: run migrate."
                );
            }

            var differences = (await check.LookAsync(cancellationToken))
                .Where(one => one.Weight > Weight.Foreign)
                .OrderByDescending(one => one.Weight)
                .ToArray();
            if (standing is { Newer: [.., var newest] })
            {
                return differences.Where(one => one.IsLost).ToArray() is { Length: > 0 } lost
                    ? HealthCheckResult.Unhealthy(Say(lost))
                    : HealthCheckResult.Healthy($"The schema is of a newer build ({newest.Name}), which works beside this one.");
            }
            return differences switch
            {
                [] => HealthCheckResult.Healthy("The schema is this build's."),
                [{ Weight: Weight.Breaks }, ..] => HealthCheckResult.Unhealthy(Say(differences)),
                _ => HealthCheckResult.Degraded(Say(differences)),
            };
        }
        catch (Exception)
        {
            return HealthCheckResult.Unhealthy("The schema could not be looked at.");
        }
    }

    private static string Say(SchemaDifference[] differences) =>
        string.Join("; ", differences.Take(Shown).Select(one => one.Says))
        + (differences.Length > Shown ? $"; and {differences.Length - Shown} more" : "")
        + ". doctor says what puts it right.";
}
