using System.Collections.Concurrent;
using System.Diagnostics.Contracts;
using System.Globalization;

namespace Reminders.Kinds;

/// <summary>
/// The culture a text's dates are written in: the text's own language, so that no English sentence says "Mittwoch". The
/// reader's region may vary how a date is written (en-GB beside en), never the calendar it is counted in: for en-SA an
/// English text would otherwise name a Hijri month. Pure.
/// </summary>
[Pure]
internal static class TextCulture
{
    // Locales come from people: a bound, because each distinct one is kept.
    private const int Most = 500;

    private static readonly ConcurrentDictionary<(string Text, string Reader), CultureInfo> Known = new();

    /// <param name="textLocale">The locale of the template that was chosen.</param>
    /// <param name="readerLocale">The reader's, which may be any.</param>
    public static CultureInfo For(string textLocale, string readerLocale)
    {
        if (Known.TryGetValue((textLocale, readerLocale), out var known))
        {
            return known;
        }

        if (Known.Count >= Most)
        {
            Known.Clear();
        }

        return Known[(textLocale, readerLocale)] = Choose(textLocale, readerLocale);
    }

    private static CultureInfo Choose(string textLocale, string readerLocale)
    {
        var text = Find(textLocale);
        if (!Language(textLocale).Equals(Language(readerLocale), StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        var reader = Find(readerLocale);
        return reader.DateTimeFormat.Calendar.GetType() == text.DateTimeFormat.Calendar.GetType() ? reader : text;
    }

    private static string Language(string locale) => locale.Split('-')[0];

    private static CultureInfo Find(string locale)
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
