using System.Globalization;

namespace Reminders.Zones;

/// <summary>
/// An instant on the reader's clock, as a template formats it. In the hour that a clock shows twice when daylight saving
/// ends, a time alone says nothing: then its offset stands behind it, as "02:30 UTC+02:00". Pure.
/// </summary>
internal readonly record struct LocalInstant(DateTimeOffset Instant, TimeZoneInfo Zone) : IFormattable
{
    public string ToString(string? format, IFormatProvider? provider)
    {
        var local = TimeZoneInfo.ConvertTime(Instant, Zone);
        var written = local.ToString(format, provider);
        return ShowsTime(format) && !ShowsOffset(format) && Zone.IsAmbiguousTime(local.DateTime)
            ? string.Create(CultureInfo.InvariantCulture, $"{written} UTC{local:zzz}")
            : written;
    }

    // A standard format is one letter: d, D, m and y show days alone; o, r, s and u are for machines, and s hides the offset.
    private static bool ShowsTime(string? format) =>
        format switch
        {
            null or "" => true,
            { Length: 1 } => "dDmMyY".Contains(format[0], StringComparison.Ordinal) is false,
            _ => Letters(format).IndexOfAny(['H', 'h', 't', 'm', 's']) >= 0,
        };

    private static bool ShowsOffset(string? format) =>
        format switch
        {
            null or "" => true,
            { Length: 1 } => "oOrRu".Contains(format[0], StringComparison.Ordinal),
            _ => Letters(format).IndexOfAny(['z', 'K']) >= 0,
        };

    /// <summary>The letters that stand for something: not those in quotes, nor those behind a backslash.</summary>
    private static string Letters(string format)
    {
        var letters = new System.Text.StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] == '\\')
            {
                i++;
            }
            else if (format[i] is '\'' or '"')
            {
                i = format.IndexOf(format[i], i + 1) is var close and >= 0 ? close : format.Length;
            }
            else
            {
                letters.Append(format[i]);
            }
        }
        return letters.ToString();
    }
}
