using System.Diagnostics.Contracts;
using Reminders.Kinds;

namespace Reminders.Texts;

/// <summary>
/// That a message was sent in another language than its reader's would be written in now, because a deployment has brought that one, or
/// taken it away. A language that operators set is one of their versions. While two builds run side by side, the older one may still send
/// in the language before: that is not told, as nobody notes which node sent under which build. Pure.
/// </summary>
[Pure]
internal static class OtherLanguage
{
    /// <summary>In which of those that there are somebody reads.</summary>
    public static string Of(IEnumerable<string> there, string wanted) =>
        KindTexts.LocaleOf(
            there.Distinct(StringComparer.OrdinalIgnoreCase).ToDictionary(one => one, StringComparer.OrdinalIgnoreCase),
            wanted
        );

    /// <param name="all">Of one kind, in every language.</param>
    /// <param name="own">What operators set of it.</param>
    /// <param name="theirs">In which language it would be sent now.</param>
    /// <returns>In which it was sent; null where that is the same, or nobody can know.</returns>
    public static string? Then(TextStay[] all, TextVersion[] own, string theirs, string locale, DateTimeOffset begunAt)
    {
        var there = TextStays.LanguagesAt(all, begunAt);
        if (!there.Contains("en", StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        var was = Of(there, locale);
        return Same(was, theirs) || own.Any(one => Same(one.Locale, was) || Same(one.Locale, theirs)) ? null : was;
    }

    /// <inheritdoc cref="EarlierText.Of"/>
    public static EarlierText? Compare(TextStay[] all, string was, string theirs, DateTimeOffset begunAt, IReadOnlyCollection<string> names)
    {
        var nothing = TextVersion.None("", theirs);
        TextStay[] stays = [.. all.Where(one => Same(one.Locale, theirs))];
        TextStay[] former = [.. all.Where(one => Same(one.Locale, was))];
        var present = TextStays.Present(stays)!.Prints;
        var differs = TextStays
            .At(former, begunAt)
            .Select(had => EarlierText.Differ(names, nothing, had.Prints, nothing, present))
            .ToArray();
        var came = stays.Min(one => one.First);
        return differs.Any(one => one)
            ? new(0, ChangedBy: null, came > begunAt ? came : former.Max(one => one.Last), 0, differs.All(one => one))
            : null;
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
