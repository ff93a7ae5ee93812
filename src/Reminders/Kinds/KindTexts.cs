using System.Globalization;
using System.Text.Json;
using Reminders.Channels;
using Reminders.Zones;

namespace Reminders.Kinds;

/// <summary>Who reads a text.</summary>
internal readonly record struct Reader(string Name, string Locale, string Zone);

/// <summary>A kind's texts in one reader's language and zone.</summary>
internal sealed class KindTexts
{
    /// <summary>What a template calls the link to the page with its buttons.</summary>
    public const string AnswerLinkName = "answer_link";

    private readonly KindDefinition _kind;
    private readonly Reader _reader;
    private readonly string _locale;
    private readonly Dictionary<string, string> _texts;

    public KindTexts(KindDefinition kind, Reader reader)
    {
        (_kind, _reader) = (kind, reader);
        // Taken once: they may be others a moment later.
        var templates = kind.Templates;
        _locale = LocaleOf(templates, reader.Locale);
        _texts = templates[_locale];
    }

    /// <summary>In which of the languages that there are a reader gets their texts.</summary>
    public static string LocaleOf<T>(IDictionary<string, T> there, string wanted)
    {
        var language = wanted.Split('-')[0];
        return there.ContainsKey(wanted) ? wanted
            : there.ContainsKey(language) ? language
            : "en";
    }

    /// <summary>The locale the texts are in: the reader's, or the nearest there is.</summary>
    public string Locale => _locale;

    public bool Has(string name) => _texts.ContainsKey(name);

    /// <summary>Whether a text asks for a value.</summary>
    public bool Says(string name, string value) => TextTemplate.Parse(_texts[name]).Names.Contains(value);

    /// <summary>Where the reader answers, for a kind with such links.</summary>
    public string? AnswerLink { get; set; }

    /// <summary>Whether a text that was rendered told a time: only then does the reader's zone matter.</summary>
    public bool ToldTime { get; private set; }

    /// <param name="name">Which text.</param>
    /// <param name="happensAt">The subject's instant, if it has one.</param>
    /// <param name="data">Objects whose members are values by name; the first that has a name gives it.</param>
    /// <exception cref="KeyNotFoundException">The text, or a value it asks for, is missing.</exception>
    /// <exception cref="UnknownZoneException">It tells a time, and this node does not know the reader's zone.</exception>
    public string Render(string name, DateTimeOffset? happensAt, params IReadOnlyList<JsonElement> data) =>
        TextTemplate.Parse(_texts[name]).Render(wanted => Value(wanted, happensAt, data), TextCulture.For(_locale, _reader.Locale));

    /// <summary>The same, its longest values cut so that it has at most <paramref name="most"/>.</summary>
    public string RenderWithin(
        string name,
        TextCapacity capacity,
        int most,
        DateTimeOffset? happensAt,
        params IReadOnlyList<JsonElement> data
    ) =>
        FittedText.Shorten(
            TextTemplate.Parse(_texts[name]),
            wanted => Value(wanted, happensAt, data),
            TextCulture.For(_locale, _reader.Locale),
            capacity,
            most
        );

    private object? Value(string wanted, DateTimeOffset? happensAt, IReadOnlyList<JsonElement> data) =>
        wanted switch
        {
            "recipient" => _reader.Name,
            "zone" => _reader.Zone,
            // Nobody can follow half a link: it is no text that may be cut.
            AnswerLinkName => new Uncut(AnswerLink ?? ""),
            "starts_at" when happensAt is { } instant => Local(instant),
            _ => Typed(wanted, data.Select(one => Text(one, wanted)).FirstOrDefault(found => found is not null)),
        };

    // What is declared an instant takes the template's format, on the reader's clock, and so does a number, in the reader's language;
    // what may be left out leaves a gap.
    private object? Typed(string name, string? value)
    {
        if (!_kind.Data.TryGetValue(name, out var type))
        {
            return value;
        }

        if (string.IsNullOrEmpty(value))
        {
            return type.EndsWith('?') ? "" : value;
        }

        return type.TrimEnd('?') switch
        {
            "instant" when DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) =>
                Local(instant),
            "number" when WrittenNumber.From(value) is { } number => number,
            _ => value,
        };
    }

    // Zones are checked where they come in, and may leave the machine's database later. A time in another zone than it says
    // would be a lie, so there is none.
    private LocalInstant Local(DateTimeOffset instant)
    {
        ToldTime = true;
        return TimeZoneInfo.TryFindSystemTimeZoneById(_reader.Zone, out var zone)
            ? new(instant, zone)
            : throw new UnknownZoneException(_reader.Zone);
    }

    private sealed record Uncut(string Text)
    {
        public override string ToString() => Text;
    }

    private static string? Text(JsonElement data, string name) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var value)
            ? value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : value.ToString()
            : null;
}
