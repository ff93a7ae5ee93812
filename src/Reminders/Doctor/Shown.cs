using System.Globalization;
using Reminders.Words;

namespace Reminders.Doctor;

/// <summary>Counts and instants in what doctor says.</summary>
internal static class Shown
{
    /// <summary>No look counts further: what comes after it changes nothing that anybody would do.</summary>
    public const long Most = 10_000;

    /// <summary>A sentence's value.</summary>
    public static object Count(long count) => count > Most ? new MoreThan(Most) : count;

    public static string Number(long count) => count > Most ? "10,000+" : count.ToString(CultureInfo.InvariantCulture);

    public static string About(string about, Wording words) => words.Word("about", about);
}
