using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Reminders.Lists;

/// <summary>Where a page ends: the next one begins after it.</summary>
/// <param name="Rest">What tells two rows of one time and id apart, in the one list that has such; else empty.</param>
internal readonly partial record struct ListCursor(DateTimeOffset At, long Id, string Rest = "")
{
    /// <summary>Opaque to callers, so that the order of a list may change without breaking them; it names its list.</summary>
    public string Write(string list) =>
        Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{list}.{At.UtcTicks}.{Id}.{Rest}."))
        );

    /// <returns>Null for what is no cursor of this list.</returns>
    public static ListCursor? Read(string list, string given) =>
        given.Length <= 200
        && Base64Url.IsValid(given)
        && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(given)).Split('.') is [var name, var at, var id, var rest, ""]
        && name == list
        && Word().IsMatch(rest)
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks <= DateTimeOffset.MaxValue.UtcTicks
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ListCursor(new(ticks, TimeSpan.Zero), number, rest)
            : null;

    [GeneratedRegex(@"\A[a-z_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
