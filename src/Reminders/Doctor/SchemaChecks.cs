using Reminders.Storage;
using Reminders.Storage.Schema;

namespace Reminders.Doctor;

/// <summary>Whether the database is what the build was reviewed with, object by object.</summary>
internal static class SchemaChecks
{
    private const string Drift = "schema_drift";
    private const string About = "schema";

    /// <returns>Whether the other checks have tables to look at, and what was found.</returns>
    public static async Task<(bool Usable, IReadOnlyList<Finding> Findings)> LookAsync(
        Migrator migrator,
        SchemaCheck check,
        CancellationToken cancellationToken
    )
    {
        var standing = await migrator.StandingAsync(cancellationToken);
        if (standing is { Missing: { Count: > 0 } missing })
        {
            var names = string.Join(", ", missing.Select(script => script.Name));
            return (
                false,
                [
                    Finding.Bad(
                        "schema_script_missing",
                        About,
                        new("found.scripts_missing", missing.Count, names),
                        Fix.ByCommand(new("fix.migrate"), "migrate")
                    ),
                ]
            );
        }

        if (standing.Problem is { } problem)
        {
            return (false, [Finding.Bad("schema_refused", About, new("found.schema_refused", problem), new("fix.other_build"))]);
        }

        var differences = await check.LookAsync(cancellationToken);
        if (standing is { Newer: [.., var newest] })
        {
            return (
                true,
                [
                    Finding.Attention("schema_newer", About, new("found.schema_newer", newest.Name)),
                    .. differences.Where(one => one.IsLost).Select(Of),
                ]
            );
        }

        var findings = differences.Select(Of).ToArray();
        return findings.Any(finding => finding.Health > Health.Good)
            ? (true, findings)
            : (true, [Finding.Good(Drift, About, new("found.schema_agrees")), .. findings]);
    }

    private static Finding Of(SchemaDifference one)
    {
        var finding = new Finding(CodeOf(one), HealthOf(one.Weight), About, new("found.schema_differs", one.Said));
        return one.Weight == Weight.Foreign ? finding : finding with { Fix = FixOf(one.Mends, one.Live is null) };
    }

    private static Health HealthOf(Weight weight) =>
        weight switch
        {
            Weight.Breaks => Health.Bad,
            Weight.Slows => Health.Attention,
            _ => Health.Good,
        };

    private static string CodeOf(SchemaDifference one) =>
        one switch
        {
            { Reviewed: null } => "schema_foreign",
            { Reviewed.Kind: ObjectKind.Index or ObjectKind.UniqueIndex, Live: null } => "index_missing",
            { Reviewed.Kind: ObjectKind.Index or ObjectKind.UniqueIndex } => "index_invalid",
            _ => Drift,
        };

    private static Fix FixOf(string? sql, bool isGone) =>
        sql switch
        {
            null => new("fix.by_hand"),
            _ when sql.Contains('\n', StringComparison.Ordinal) => Fix.ByCommand(new("fix.printed"), "doctor --sql") with { Sql = sql },
            _ => Fix.BySql(isGone ? new("fix.put_back") : new("fix.put_right"), sql),
        };
}
