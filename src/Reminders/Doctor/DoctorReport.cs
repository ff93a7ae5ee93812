using Reminders.Words;

namespace Reminders.Doctor;

/// <summary>What was found, as programs read it: <c>GET /api/doctor</c> and <c>doctor --json</c>. Names stay as they are.</summary>
/// <param name="Health"><c>good</c>, <c>attention</c> or <c>bad</c>: the worst of all findings.</param>
/// <param name="At">When the look began.</param>
/// <param name="Depth"><c>quick</c> or <c>deep</c>.</param>
/// <param name="TookMs">How long all of it took.</param>
internal sealed record DoctorReport(string Health, DateTimeOffset At, string Depth, double TookMs, IReadOnlyList<ReportedFinding> Findings)
{
    public static DoctorReport Of(IReadOnlyList<Finding> findings, DoctorDepth depth, DateTimeOffset at, TimeSpan took, Wording words) =>
        new(
            Word(findings.Select(finding => finding.Health).DefaultIfEmpty().Max()),
            at,
            depth == DoctorDepth.Deep ? "deep" : "quick",
            Ms(took),
            [.. findings.Select(finding => Of(finding, words))]
        );

    private static ReportedFinding Of(Finding finding, Wording words) =>
        new(
            finding.Code,
            Word(finding.Health),
            finding.AboutIn(words),
            finding.Says(words),
            finding.Said,
            finding.Since,
            finding.Fix is { } fix ? new(fix.Text(words), fix.Said, fix.Command, fix.Sql) : null,
            Ms(finding.Took)
        );

    private static double Ms(TimeSpan took) => Math.Round(took.TotalMilliseconds, 1);

    private static string Word(Health health) =>
        health switch
        {
            Doctor.Health.Good => "good",
            Doctor.Health.Attention => "attention",
            _ => "bad",
        };
}

/// <param name="Code">What was asked, the same in every build and whatever the answer.</param>
/// <param name="About">The thing in a word, for people.</param>
/// <param name="Said">Which sentence it says, in any language, and the values that are filled in.</param>
/// <param name="Since">Since when it is so; null where nobody knows.</param>
/// <param name="Fix">Null where nothing is to be done.</param>
/// <param name="TookMs">What the look took that found it.</param>
internal sealed record ReportedFinding(
    string Code,
    string Health,
    string About,
    string Says,
    Sentence Said,
    DateTimeOffset? Since,
    ReportedFix? Fix,
    double TookMs
);

/// <param name="Said">Which sentence the text is.</param>
/// <param name="Command">The line to copy for the command line; null where none does it.</param>
/// <param name="Sql">Statements to read and then give to psql; null where none do it.</param>
internal sealed record ReportedFix(string Text, Sentence Said, string? Command, string? Sql);
