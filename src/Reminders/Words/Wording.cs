using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Reminders.Words;

/// <summary>Turns what there is to say into sentences of one language. The console, the API and the command line have all theirs from
/// here.</summary>
internal sealed class Wording
{
    private readonly FrozenDictionary<string, Template> _templates;
    private readonly Func<DateTimeOffset, string> _show;
    private readonly Func<long, int> _plural;

    private Wording(
        string language,
        FrozenDictionary<string, Template> templates,
        Func<DateTimeOffset, string> show,
        CultureInfo numbers,
        Func<long, int> plural
    )
    {
        (Language, _templates, _show, Numbers, _plural) = (language, templates, show, numbers, plural);
    }

    public static readonly Wording English = new(
        "en",
        Read(
            EnglishReasons.Texts,
            EnglishStory.Texts,
            EnglishWaits.Texts,
            EnglishCluster.Texts,
            EnglishWork.Texts,
            EnglishFixes.Texts,
            EnglishSchema.Texts,
            EnglishSources.Texts,
            EnglishRefusals.Texts,
            EnglishWrong.Texts,
            EnglishForms.Texts,
            EnglishFiles.Texts,
            EnglishTexts.Texts,
            EnglishProblems.Texts,
            EnglishCommands.Texts,
            EnglishColumns.Texts
        ),
        // In UTC: the story is read by people in several zones, and beside logs.
        instant => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
        CultureInfo.GetCultureInfo("en-US"),
        count => count == 1 ? 0 : 1
    );

    public static readonly Wording Russian = new(
        "ru",
        Read(
            RussianReasons.Texts,
            RussianStory.Texts,
            RussianWaits.Texts,
            RussianCluster.Texts,
            RussianWork.Texts,
            RussianFixes.Texts,
            RussianSchema.Texts,
            RussianSources.Texts,
            RussianRefusals.Texts,
            RussianWrong.Texts,
            RussianForms.Texts,
            RussianFiles.Texts,
            RussianTexts.Texts,
            RussianProblems.Texts,
            RussianCommands.Texts,
            RussianColumns.Texts
        ),
        instant => instant.UtcDateTime.ToString("dd.MM.yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
        CultureInfo.GetCultureInfo("ru-RU"),
        count =>
            count % 100 is >= 11 and <= 14 ? 2
            : count % 10 == 1 ? 0
            : count % 10 is >= 2 and <= 4 ? 1
            : 2
    );

    /// <summary>English with short instants, as in tables and logs, and wherever what is said goes on in English.</summary>
    public static readonly Wording Brief = English.Showing(instant =>
        instant.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
    );

    public static readonly IReadOnlyList<Wording> All = [English, Russian];

    /// <summary>By a language tag, as <c>ru</c> or <c>ru-RU</c>; null where there are no words in it.</summary>
    public static Wording? Find(string? tag) =>
        All.FirstOrDefault(one => one.Language.Equals(tag?.Split('-', '_', '.')[0], StringComparison.OrdinalIgnoreCase));

    public string Language { get; }

    /// <summary>By which counts are written; numbers of rows and messages are not counts, and have no separators.</summary>
    public CultureInfo Numbers { get; }

    /// <summary>What there are words for.</summary>
    public IEnumerable<string> Codes => _templates.Keys;

    public Template this[string code] => _templates[code];

    /// <summary>The same words, with instants as somebody else writes them.</summary>
    public Wording Showing(Func<DateTimeOffset, string> show) => new(Language, _templates, show, Numbers, _plural);

    /// <summary>The same words, with short instants where the language has such.</summary>
    public Wording Briefly => this == English ? Brief : this;

    /// <summary>The reason as it stands in its column, in words.</summary>
    public string? Reason(string? stored) => stored is null ? null : Of(Reasons.Meaning(stored));

    /// <summary>What a code says of any value; what is no code, as it is.</summary>
    public string Kind(string code) =>
        Reasons.Known.TryGetValue(code, out var form) ? Of(new($"reason.{code}", [.. form.TrimEnd('?').Select(_ => "…")])) : code;

    /// <summary>The word of a group, as <c>state</c> or <c>effect</c>, for what has one in this language; else the thing itself.</summary>
    public string Word(string group, string name) => _templates.ContainsKey($"{group}.{name}") ? Of(new($"{group}.{name}")) : name;

    public string Show(DateTimeOffset instant) => _show(instant);

    public string Of(Sentence sentence)
    {
        var text = new StringBuilder();
        var parts = _templates[sentence.Code].Parts;
        foreach (var part in parts)
        {
            if (
                part.Group > 0
                && parts.Any(other => other.Group == part.Group && other.Text is null && sentence.Values[other.Value] is null)
            )
            {
                continue;
            }

            text.Append(part.Text ?? Filled(sentence.Values[part.Value], part.Form));
        }

        return text.ToString();
    }

    private string Filled(object? value, string form) =>
        (value, form) switch
        {
            (null, _) => "",
            (string name, ['@', .. var group]) => Word(group, name),
            (TimeSpan span, _) => Span(span),
            (long seconds, "span") => Span(TimeSpan.FromSeconds(seconds)),
            (long count, { Length: > 0 }) => Count(count, form.Split('|')),
            (MoreThan many, _) => Count(many, form.Split('|')),
            (double number, { Length: > 0 }) => number.ToString(form, Numbers),
            (string text, _) => text,
            (Sentence sentence, _) => Of(sentence),
            (DateTimeOffset instant, _) => Show(instant),
            (IEnumerable<Sentence> several, _) => string.Join("; ", several.Select(Of)),
            (IEnumerable<string> several, _) => string.Join(Of(new($"list.{form}")), several),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        };

    /// <summary>A length of time, as people say it.</summary>
    private string Span(TimeSpan span) =>
        span switch
        {
            { TotalHours: >= 1 } when span.Minutes == 0 && span.Seconds == 0 => Of(new("span.hours", (long)span.TotalHours)),
            { TotalMinutes: >= 1 } when span.Seconds == 0 => Of(new("span.minutes", (long)span.TotalMinutes)),
            { TotalSeconds: >= 1 } => Of(new("span.seconds", (long)span.TotalSeconds)),
            _ => $"{span}",
        };

    private string Count(long count, string[] forms) =>
        forms[Math.Min(_plural(count), forms.Length - 1)].Replace("#", count.ToString("N0", Numbers), StringComparison.Ordinal);

    private string Count(MoreThan many, string[] forms) =>
        (forms[^1].Length > 0 ? forms[^1] : "#").Replace("#", many.Least.ToString("N0", Numbers) + "+", StringComparison.Ordinal);

    private static FrozenDictionary<string, Template> Read(params IEnumerable<KeyValuePair<string, string>>[] rooms) =>
        rooms.SelectMany(room => room).ToFrozenDictionary(text => text.Key, text => new Template(text.Value), StringComparer.Ordinal);
}
