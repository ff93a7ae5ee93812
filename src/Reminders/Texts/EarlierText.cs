using System.Diagnostics.Contracts;
using Reminders.Kinds;
using Reminders.Words;

namespace Reminders.Texts;

/// <summary>
/// That a message was sent under other texts than stand now. Which ones is not kept with the message, whose settlement would pay for it
/// (decision 26): it follows from when the message was begun, when texts were set, and which ones nodes had of their own. A node hears of
/// a change within seconds, so what was begun about then may say either.
/// </summary>
/// <param name="Version">Under which one it was sent, or the earliest of those that it may have been; 0: as its kind declares it.</param>
/// <param name="ChangedBy">Null: nobody, the text came with a deployment or from the app's own source.</param>
/// <param name="ChangedAt">When that one was changed.</param>
/// <param name="Now">Which one stands.</param>
/// <param name="IsSure">Whether it says something else for certain.</param>
internal sealed record EarlierText(int Version, string? ChangedBy, DateTimeOffset ChangedAt, int Now, bool IsSure)
{
    /// <summary>Within which a node renders what it has begun, and has heard of a change: it looks every five seconds.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(10);

    /// <summary>The same in a sentence, of which the message is the subject.</summary>
    public Sentence Said =>
        (ChangedBy, IsSure) switch
        {
            (null, true) => new("event.text_deployed", ChangedAt),
            (null, false) => new("event.text_maybe_deployed", ChangedAt),
            (_, true) => new("event.text_earlier", (long)Version, ChangedBy, ChangedAt, (long)Now),
            _ => new("event.text_maybe_earlier", (long)Version, ChangedBy, ChangedAt, (long)Now),
        };

    /// <param name="past">Of whatever kinds and languages, as <see cref="TextBoard.SinceAsync"/> has it.</param>
    /// <param name="locale">The reader's.</param>
    /// <param name="begunAt">When it was about to be sent.</param>
    /// <param name="names">Which texts it consists of.</param>
    /// <returns>Null where it says what it would say now, as far as anybody knows.</returns>
    [Pure]
    public static EarlierText? Of(
        KindDefinition kind,
        TextPast past,
        string locale,
        DateTimeOffset begunAt,
        IReadOnlyCollection<string> names
    )
    {
        var own = past.Set.Where(one => one.Kind == kind.Name).ToArray();
        TextStay[] all = [.. past.Stays.Where(one => one.Kind == kind.Name)];
        // Where no node has noted any, whoever asks has them as they are declared.
        var theirs = OtherLanguage.Of(
            own.Select(one => one.Locale).Concat(all.Length > 0 ? TextStays.Languages(all) : kind.Templates.Keys),
            locale
        );
        if (OtherLanguage.Then(all, own, theirs, locale, begunAt) is { } was)
        {
            return OtherLanguage.Compare(all, was, theirs, begunAt, names);
        }

        TextVersion[] set = [TextVersion.None(kind.Name, theirs), .. own.Where(one => IsTheirs(one.Locale)).OrderBy(one => one.Version)];
        // The last that everybody had by then, and whatever came so soon that somebody may have had it.
        var earliest = Array.FindLastIndex(set, one => one.At is null || one.At <= begunAt - Apart);
        var latest = Array.FindLastIndex(set, one => one.At is null || one.At < begunAt + Apart);
        var may = set[earliest..(latest + 1)];

        // Under each of them, what nodes had themselves.
        TextStay[] stays = [.. all.Where(one => IsTheirs(one.Locale))];
        var present = TextStays.Present(stays)?.Prints ?? Declared(kind, theirs);
        var then = TextStays.At(stays, begunAt).Select(one => one.Prints).DefaultIfEmpty(present).ToArray();
        var differs = may.SelectMany(_ => then, (version, had) => Differs(version, had)).ToArray();
        return !differs.Any(one => one) ? null
            : may.Any(version => Differs(version, present))
                ? new(set[earliest].Version, set[earliest + 1].By!, set[earliest + 1].At!.Value, set[^1].Version, differs.All(one => one))
            : new(
                set[earliest].Version,
                ChangedBy: null,
                TextStays.Since(stays, begunAt, one => !Differs(set[^1], one.Prints)),
                set[^1].Version,
                differs.All(one => one)
            );

        bool IsTheirs(string one) => string.Equals(one, theirs, StringComparison.OrdinalIgnoreCase);

        bool Differs(TextVersion version, IReadOnlyDictionary<string, string?> had) => Differ(names, version, had, set[^1], present);
    }

    /// <summary>Whether one of the texts was certainly another: by what was set, over what nodes had.</summary>
    internal static bool Differ(
        IEnumerable<string> names,
        TextVersion set,
        IReadOnlyDictionary<string, string?> had,
        TextVersion standsSet,
        IReadOnlyDictionary<string, string?> stands
    ) => names.Any(name => Print(set, had, name) is { } was && Print(standsSet, stands, name) is { } now && was != now);

    // Empty: there is none of that name. Null: nobody can tell, as of what is beside the texts where an older build noted them.
    private static string? Print(TextVersion version, IReadOnlyDictionary<string, string?> had, string name) =>
        version.Texts.TryGetValue(name, out var text) ? TextPrint.Of(text)
        : had.TryGetValue(name, out var print) ? print
        : name == TextPrint.Around ? null
        : "";

    private static Dictionary<string, string?> Declared(KindDefinition kind, string locale) =>
        kind.DeclaredTexts.TryGetValue(locale, out var texts) ? TextPrint.Of(texts) : [];

    /// <summary>What a message of a kind consists of as it is sent.</summary>
    [Pure]
    public static string[] SentBy(KindDefinition kind) =>
        ["text", "subject", "digest", "digest_subject", "whatsapp_template", "whatsapp_values", TextPrint.Around, .. kind.Buttons];
}
