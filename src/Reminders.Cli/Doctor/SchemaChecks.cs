using Reminders.Storage;
using Reminders.Storage.Schema;

namespace Reminders.Cli.Doctor;

/// <summary>Whether the database is what the build was reviewed with, object by object.</summary>
internal static class SchemaChecks
{
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
            return (
                false,
                [
                    Finding.Bad(
                        "schema",
                        $"lacks {missing.Count} scripts of this build "
                            + $"({string.Join(", ", missing.Select(script => script.Name))}): run migrate, or start a node."
                    ),
                ]
            );
        }

        if (standing.Problem is { } problem)
        {
            return (false, [Finding.Bad("schema", problem)]);
        }

        var differences = await check.LookAsync(cancellationToken);
        if (standing is { Newer: [.., var newest] })
        {
            return (
                true,
                [
                    Finding.Attention(
                        "schema",
                        $"is of a newer build ({newest.Name}), which works beside this one; only that build can say whether "
                            + "all of it is there."
                    ),
                    .. differences.Where(one => one.IsLost).Select(Of),
                ]
            );
        }
        var findings = differences.Select(Of).ToArray();
        return findings.Any(finding => finding.Health > Health.Good)
            ? (true, findings)
            : (
                true,
                [
                    Finding.Good(
                        "schema",
                        "is this build's: every table, index, constraint, function and view of the engine and of Quartz."
                    ),
                    .. findings,
                ]
            );
    }

    private static Finding Of(SchemaDifference one)
    {
        var line = $"{one.Says}.{Way(one)}";
        return one.Weight switch
        {
            Weight.Breaks => Finding.Bad("schema", line),
            Weight.Slows => Finding.Attention("schema", line),
            _ => Finding.Good("schema", line),
        };
    }

    private static string Way(SchemaDifference one) =>
        one switch
        {
            { Weight: Weight.Foreign } => "",
            { Mends: null } => " That is put right by hand.",
            { Mends: { } sql } when !sql.Contains('\n', StringComparison.Ordinal) => $" Run: {sql}",
            _ => " doctor --sql prints the statement that puts it right.",
        };
}
