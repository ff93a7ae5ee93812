using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Reminders.Channels.Templates;

namespace Reminders.Planning;

/// <summary>Who reads a text.</summary>
internal readonly record struct Reader(string Name, string Locale, string Zone);

/// <summary>A kind's texts in one reader's language and zone.</summary>
internal sealed class KindTexts
{
    private static readonly ConcurrentDictionary<string, CultureInfo> Cultures = new(StringComparer.OrdinalIgnoreCase);

    private readonly KindDefinition kind;
    private readonly Reader reader;
    private readonly string locale;
    private readonly Dictionary<string, string> texts;

    public KindTexts(KindDefinition kind, Reader reader)
    {
        (this.kind, this.reader) = (kind, reader);
        var language = reader.Locale.Split('-')[0];
        locale = kind.Templates.ContainsKey(reader.Locale) ? reader.Locale : kind.Templates.ContainsKey(language) ? language : "en";
        texts = kind.Templates[locale];
    }

    /// <summary>The locale the texts are in: the reader's, or the nearest there is.</summary>
    public string Locale => locale;

    public bool Has(string name) => texts.ContainsKey(name);

    /// <param name="name">Which text.</param>
    /// <param name="happensAt">The subject's instant, if it has one.</param>
    /// <param name="data">Objects whose members are values by name; the first that has a name gives it.</param>
    /// <exception cref="KeyNotFoundException">The text, or a value it asks for, is missing.</exception>
    public string Render(string name, DateTimeOffset? happensAt, params IReadOnlyList<JsonElement> data)
    {
        var culture = Cultures.GetOrAdd(reader.Locale, FindCulture);
        return TextTemplate.Parse(texts[name]).Render(Value, culture);

        object? Value(string wanted) => wanted switch
        {
            "recipient" => reader.Name,
            "zone" => reader.Zone,
            "starts_at" => happensAt is { } instant ? TimeZoneInfo.ConvertTime(instant, FindZone(reader.Zone)) : null,
            _ => Typed(wanted, data.Select(one => Text(one, wanted)).FirstOrDefault(found => found is not null)),
        };
    }

    // What is declared an instant takes the template's format, on the reader's clock.
    private object? Typed(string name, string? value) =>
        value is not null && kind.Data.TryGetValue(name, out var type) && type.TrimEnd('?') == "instant"
        && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? TimeZoneInfo.ConvertTime(instant, FindZone(reader.Zone))
            : value;

    private static string? Text(JsonElement data, string name) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.ToString()
            : null;

    // Zones are checked where they come in; a zone that has since left the machine's database must not hold a message up.
    private static TimeZoneInfo FindZone(string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.Utc;

    private static CultureInfo FindCulture(string locale)
    {
        try
        {
            return CultureInfo.GetCultureInfo(locale);
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }
}
