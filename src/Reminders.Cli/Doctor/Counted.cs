using System.Globalization;

namespace Reminders.Cli.Doctor;

/// <summary>A number with the words that go with it.</summary>
internal static class Counted
{
    /// <param name="one">Noun and verb for exactly one: "reminder is".</param>
    /// <param name="many">For any other number: "reminders are".</param>
    public static string Of(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
