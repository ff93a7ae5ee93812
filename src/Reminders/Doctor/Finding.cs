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
/// <param name="About">The thing in a word: <c>about.…</c> has it in each language. A channel's name stands for itself.</param>
/// <param name="Said">One sentence with the values that were found.</param>
internal sealed record Finding(string Code, Health Health, string About, Sentence Said)
{
    /// <summary>Since when it is so, where that is known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What there is to do about it.</summary>
    public Fix? Fix { get; init; }

    /// <summary>How long the look took that found it; several findings of one look share it.</summary>
    public TimeSpan Took { get; init; }

    public string AboutIn(Wording words) => Shown.About(About, words);

    public string Says(Wording words) => words.Briefly.Of(Said);

    /// <summary>In one line: what is found, since when, and what there is to do.</summary>
    public string Line(Wording words) =>
        string.Join(
            ' ',
            ((string?[])[Says(words), SaysSince(words.Briefly), Fix?.Line(words)])
                .OfType<string>()
                .Select(part => OutsideText.Clean(part, OutsideText.Detail * 4))
        );

    private string? SaysSince(Wording words) =>
        Since is { } since && !words.Of(Said).Contains(words.Show(since), StringComparison.Ordinal)
            ? words.Of(new("found.since", since))
            : null;

    public static Finding Good(string code, string about, Sentence said) => new(code, Health.Good, about, said);

    public static Finding Attention(string code, string about, Sentence said, Fix? fix = null) =>
        new(code, Health.Attention, about, said) { Fix = fix };

    public static Finding Bad(string code, string about, Sentence said, Fix? fix = null) =>
        new(code, Health.Bad, about, said) { Fix = fix };
}

/// <summary>What a person does about it.</summary>
/// <param name="Said">In a sentence.</param>
/// <param name="Command">The line to copy for the command line, where one does it.</param>
/// <param name="Sql">The statements to read and then give to psql, where those do it.</param>
internal sealed record Fix(Sentence Said, string? Command = null, string? Sql = null)
{
    /// <summary>The command line's own name, where it is installed as a tool; in a checkout it is <c>./dev</c>.</summary>
    public const string Program = "reminders";

    /// <summary>A sentence without values, by its code.</summary>
    public Fix(string code)
        : this(new Sentence(code)) { }

    /// <param name="arguments">Of our own command line.</param>
    public static Fix ByCommand(Sentence said, string arguments) => new(said, $"{Program} {arguments}");

    public static Fix BySql(Sentence said, string sql) => new(said, Sql: sql);

    public string Text(Wording words) => words.Of(Said);

    public string Line(Wording words) =>
        (Command ?? (Sql?.Contains('\n', StringComparison.Ordinal) == true ? null : Sql)) is { } typed
            ? words.Of(new("fix.run", Said, typed))
            : Text(words);
}
