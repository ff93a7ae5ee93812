using System.Diagnostics.Contracts;
using Reminders.Kinds;
using Reminders.Words;

namespace Reminders.Texts;

/// <summary>
/// That a message was sent under other texts than stand now. Which ones is not kept with the message, whose settlement would pay for it
/// (decision 26): it follows from when the message was begun and when the texts were set. A node hears of a change within seconds, so
/// what was begun about then may say either.
/// </summary>
/// <param name="Version">Under which one it was sent, or the earliest of those that it may have been; 0: as its kind declares it.</param>
/// <param name="ChangedAt">When that one was changed.</param>
/// <param name="Now">Which one stands.</param>
/// <param name="IsSure">Whether it says something else for certain.</param>
internal sealed record EarlierText(int Version, string ChangedBy, DateTimeOffset ChangedAt, int Now, bool IsSure)
{
    /// <summary>Within which a node renders what it has begun, and has heard of a change: it looks every five seconds.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(10);

    /// <summary>The same in a sentence, of which the message is the subject.</summary>
    public Sentence Said =>
        IsSure
            ? new("event.text_earlier", (long)Version, ChangedBy, ChangedAt, (long)Now)
            : new("event.text_maybe_earlier", (long)Version, ChangedBy, ChangedAt, (long)Now);

    /// <param name="versions">Of whatever kinds and languages, as <see cref="TextBoard.SinceAsync"/> has them.</param>
    /// <param name="locale">The reader's.</param>
    /// <param name="begunAt">When it was about to be sent.</param>
    /// <param name="names">Which texts it consists of.</param>
    /// <returns>Null where it says what it would say now, as far as operators have changed its texts.</returns>
    [Pure]
    public static EarlierText? Of(
        KindDefinition kind,
        IEnumerable<TextVersion> versions,
        string locale,
        DateTimeOffset begunAt,
        IReadOnlyCollection<string> names
    )
    {
        var own = versions.Where(one => one.Kind == kind.Name).ToArray();
        // A process that sends nothing has the texts as they are declared.
        var languages = own.Select(one => one.Locale)
            .Concat(kind.Templates.Keys)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToDictionary(one => one, StringComparer.OrdinalIgnoreCase);
        var theirs = KindTexts.LocaleOf(languages, locale);
        var declared = kind.DeclaredTexts.TryGetValue(theirs, out var texts) ? texts : null;
        TextVersion[] set =
        [
            TextVersion.None(kind.Name, theirs),
            .. own.Where(one => string.Equals(one.Locale, theirs, StringComparison.OrdinalIgnoreCase)).OrderBy(one => one.Version),
        ];
        // The last that everybody had by then, and whatever came so soon that somebody may have had it.
        var earliest = Array.FindLastIndex(set, one => one.At is null || one.At <= begunAt - Apart);
        var latest = Array.FindLastIndex(set, one => one.At is null || one.At < begunAt + Apart);
        var differs = set[earliest..(latest + 1)].Select(one => !names.All(name => Text(one, name) == Text(set[^1], name))).ToArray();
        return differs.Any(one => one)
            ? new(set[earliest].Version, set[earliest + 1].By!, set[earliest + 1].At!.Value, set[^1].Version, differs.All(one => one))
            : null;

        string? Text(TextVersion version, string name) =>
            version.Texts.TryGetValue(name, out var text) ? text : declared?.GetValueOrDefault(name);
    }

    /// <summary>What a message of a kind consists of as it is sent.</summary>
    [Pure]
    public static string[] SentBy(KindDefinition kind) =>
        ["text", "subject", "digest", "digest_subject", "whatsapp_template", "whatsapp_values", .. kind.Buttons];
}
