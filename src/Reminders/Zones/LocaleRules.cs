using System.Diagnostics.Contracts;
using Reminders.Commands;

namespace Reminders.Zones;

/// <summary>What may be said of a person's language and time zone. Pure.</summary>
[Pure]
internal static class LocaleRules
{
    /// <summary>Either may be left out.</summary>
    public static void Check(FieldErrors errors, string field, string? locale, string? zone)
    {
        if (locale is not null && !IsLocale(locale))
        {
            errors.Add($"{field}.locale", "wrong.locale", FieldErrors.Cut(locale));
        }

        if (zone is not null && !ZoneNames.IsName(zone))
        {
            errors.Add($"{field}.zone", "wrong.zone", FieldErrors.Cut(zone));
        }
    }

    // The form of BCP 47, without asking whether this machine happens to know the language.
    private static bool IsLocale(string locale) =>
        locale.Length is >= 2 and <= 35
        && locale.Split('-') is [{ Length: 2 or 3 } language, .. var rest]
        && language.All(char.IsAsciiLetter)
        && rest.All(part => part.Length is >= 2 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
}
