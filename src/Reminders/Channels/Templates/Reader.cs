using System.Collections.Concurrent;
using System.Globalization;

namespace Reminders.Channels.Templates;

/// <summary>Whom a text is written for: it is in their language, and its instants are in their zone.</summary>
internal sealed record Reader(string Name, string Locale, string Zone)
{
    private static readonly ConcurrentDictionary<string, CultureInfo> Cultures = new(StringComparer.OrdinalIgnoreCase);

    private readonly TimeZoneInfo timeZone = FindZone(Zone);

    /// <summary>The texts in the reader's locale, else in its language, else in English, which every kind has.</summary>
    public Dictionary<string, string> TextsOf(IDictionary<string, Dictionary<string, string>> templates) =>
        templates.TryGetValue(Locale, out var exact) ? exact
        : templates.TryGetValue(Locale.Split('-')[0], out var language) ? language
        : templates["en"];

    /// <summary>An instant as the reader's clock shows it.</summary>
    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, timeZone);

    /// <summary>A text with its values; <c>{recipient}</c> and <c>{zone}</c> are the reader's own.</summary>
    /// <exception cref="KeyNotFoundException">The text asks for a value there is none of.</exception>
    public string Write(string text, Func<string, object?> value) => TextTemplate.Parse(text).Render(
        name => name switch { "recipient" => Name, "zone" => Zone, _ => value(name) },
        Cultures.GetOrAdd(Locale, FindCulture));

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
