using System.Globalization;
using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Doctor;

internal enum Health
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Somebody should look; nothing is broken.</summary>
    Attention,

    /// <summary>Reminders are late, doubled or stuck, or will be.</summary>
    Bad,
}

/// <summary>What was found out about one thing.</summary>
/// <param name="Code">
/// What was asked, for programs: <c>lease_expired</c>. It does not change from build to build, and is the same whatever the answer.
/// </param>
/// <param name="About">The thing in a word, for people.</param>
/// <param name="Says">One sentence with the values that were found.</param>
internal sealed record Finding(string Code, Health Health, string About, string Says)
{
    /// <summary>Since when it is so, where that is known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What there is to do about it.</summary>
    public Fix? Fix { get; init; }

    /// <summary>How long the look took that found it; several findings of one look share it.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>In one line: what is found, since when, and what there is to do.</summary>
    public string Line =>
        string.Join(
            ' ',
            ((string?[])[Says, SaysSince, Fix?.Line]).OfType<string>().Select(part => OutsideText.Clean(part, OutsideText.Detail * 4))
        );

    private string? SaysSince =>
        Since is { } since && !Says.Contains(Shown.At(since), StringComparison.Ordinal) ? $"Since {Shown.At(since)}." : null;

    public static Finding Good(string code, string about, string says) => new(code, Health.Good, about, says);

    public static Finding Attention(string code, string about, string says, Fix? fix = null) =>
        new(code, Health.Attention, about, says) { Fix = fix };

    public static Finding Bad(string code, string about, string says, Fix? fix = null) => new(code, Health.Bad, about, says) { Fix = fix };
}

/// <summary>What a person does about it.</summary>
/// <param name="Text">In words.</param>
/// <param name="Command">The line to copy for the command line, where one does it.</param>
/// <param name="Sql">The statements to read and then give to psql, where those do it.</param>
internal sealed record Fix(string Text, string? Command = null, string? Sql = null)
{
    /// <summary>The command line's own name, where it is installed as a tool; in a checkout it is <c>./dev</c>.</summary>
    public const string Program = "reminders";

    /// <param name="arguments">Of our own command line.</param>
    public static Fix ByCommand(string text, string arguments) => new(text, $"{Program} {arguments}");

    public static Fix BySql(string text, string sql) => new(text, Sql: sql);

    public string Line =>
        this switch
        {
            { Command: { } command } => $"{Text} Run: {command}",
            { Sql: { } sql } when !sql.Contains('\n', StringComparison.Ordinal) => $"{Text} Run: {sql}",
            _ => Text,
        };
}

/// <summary>Numbers and instants in a sentence.</summary>
internal static class Shown
{
    /// <summary>No look counts further: what comes after it changes nothing that anybody would do.</summary>
    public const long Most = 10_000;

    /// <param name="one">Noun and verb for exactly one: "reminder is".</param>
    /// <param name="many">For any other number: "reminders are".</param>
    public static string Of(long count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";

    public static string Number(long count) => count > Most ? "10,000+" : count.ToString(CultureInfo.InvariantCulture);

    /// <summary>As everything else here says it.</summary>
    public static readonly Wording Words = Wording.English.Showing(At);

    public static string At(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
