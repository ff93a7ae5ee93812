using System.Diagnostics.Contracts;

namespace Reminders.Texts;

/// <summary>From when to when nodes had one set of a kind's own texts in a language, by the database's clock.</summary>
/// <param name="Prints">By name; null where nobody can tell.</param>
internal sealed record TextStay(
    string Kind,
    string Locale,
    IReadOnlyDictionary<string, string?> Prints,
    DateTimeOffset First,
    DateTimeOffset Last
);

/// <summary>What there was of texts: what operators set, and what nodes had themselves.</summary>
/// <param name="Set">Of whatever kinds and languages.</param>
/// <param name="Stays">Of the same.</param>
internal sealed record TextPast(IReadOnlyList<TextVersion> Set, IReadOnlyList<TextStay> Stays)
{
    public static readonly TextPast None = new([], []);
}

/// <summary>Which of a node's own texts there were at some instant. Pure; of one kind, and but for languages of one language.</summary>
[Pure]
internal static class TextStays
{
    /// <summary>For how long a node may have had its texts after it was last noted: it notes them twice in that time.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <summary>What stands: the newest of those that nodes have, or had last. Whoever asks may be of another build.</summary>
    public static TextStay? Present(IReadOnlyCollection<TextStay> stays) =>
        stays.Count == 0 ? null : stays.Where(one => one.Last >= stays.Max(other => other.Last) - Late).MaxBy(one => one.First);

    /// <summary>Those that whoever sent may have had then; none where nobody can know, because it was before the first.</summary>
    public static TextStay[] At(IReadOnlyCollection<TextStay> stays, DateTimeOffset instant)
    {
        var present = Present(stays);
        // A node sends nothing before it has noted them, but is heard of a moment later.
        var there = stays
            .Where(one => one.First - EarlierText.Apart <= instant && (one == present || instant <= one.Last + Late))
            .ToArray();
        if (there.Length > 0 || stays.All(one => one.First > instant))
        {
            return there;
        }

        // Nobody noted anything, and somebody sent: a node that could not reach the table, before or after.
        return
        [
            stays.Where(one => one.First <= instant).MaxBy(one => one.Last)!,
            stays.Where(one => one.First > instant).MinBy(one => one.First)!,
        ];
    }

    /// <summary>In which languages nodes have texts, or had last.</summary>
    public static string[] Languages(IReadOnlyCollection<TextStay> ofKind) =>
        [
            .. ofKind
                .Where(one => one.Last >= ofKind.Max(other => other.Last) - Late)
                .Select(one => one.Locale)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    /// <summary>In which they had then; none where nobody can know, because it was before the first, or nobody noted anything.</summary>
    public static string[] LanguagesAt(IReadOnlyCollection<TextStay> ofKind, DateTimeOffset instant)
    {
        var now = Languages(ofKind);
        return
        [
            .. ofKind
                .GroupBy(one => one.Locale, StringComparer.OrdinalIgnoreCase)
                .Where(had =>
                    had.Any(one => one.First - EarlierText.Apart <= instant)
                    && (now.Contains(had.Key, StringComparer.OrdinalIgnoreCase) || instant <= had.Max(one => one.Last) + Late)
                )
                .Select(had => had.Key),
        ];
    }

    /// <summary>When what stands came, counting those before it that say the same.</summary>
    /// <param name="isSame">Whether one says what stands.</param>
    public static DateTimeOffset Since(IReadOnlyCollection<TextStay> stays, DateTimeOffset begunAt, Func<TextStay, bool> isSame)
    {
        var present = Present(stays)!;
        var run = stays.Where(one => one.First <= present.First).OrderByDescending(one => one.First).TakeWhile(isSame).ToArray();
        return (run.LastOrDefault(one => one.First > begunAt - EarlierText.Apart) ?? run.Last()).First;
    }
}
