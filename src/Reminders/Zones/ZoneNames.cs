using System.Collections.Concurrent;

namespace Reminders.Zones;

/// <summary>
/// Time zones by the names of the IANA database and in no other spelling: a zone stands in a person's row, and what compares,
/// shows or asks PostgreSQL for it should find one name.
/// </summary>
internal static class ZoneNames
{
    /// <summary>The longest name; the database's own are below 35.</summary>
    public const int Longest = 64;

    // Only names that exist are kept, and each in one spelling, so it grows no further than the machine's database.
    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    // What lies in the same folders and is no zone: another copy of them all, with leap seconds; the machine's own; the rules
    // for POSIX texts; what a machine has before somebody sets one.
    private static readonly HashSet<string> NoZones = new(StringComparer.OrdinalIgnoreCase)
    {
        "right",
        "posix",
        "SystemV",
        "posixrules",
        "localtime",
        "Factory",
        "leapseconds",
    };

    /// <summary>Whether this is a zone's name as the IANA database spells it, and this machine knows it.</summary>
    public static bool IsName(string zone)
    {
        if (Known.ContainsKey(zone))
        {
            return true;
        }

        if (!HasForm(zone) || !IsFound(zone))
        {
            return false;
        }
        // Two may ask for the same at first; whoever comes second is as right as the first.
        Known[zone] = true;
        return true;
    }

    // The machine finds zones by file name: "Europe//Berlin", "Europe/./Berlin" and "../zoneinfo/UTC" are files too.
    private static bool HasForm(string zone) =>
        zone.Length is > 0 and <= Longest
        && zone.Split('/') is { Length: <= 3 } parts
        && !NoZones.Contains(parts[0])
        && parts.All(part =>
            part.Length > 0 && char.IsAsciiLetter(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+')
        );

    // Windows' ids are found by translation, and what was found once is found again whatever its case.
    private static bool IsFound(string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId && found.Id == zone;
}
