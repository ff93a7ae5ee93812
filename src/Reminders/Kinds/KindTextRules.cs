using System.Diagnostics.Contracts;
using System.Globalization;
using System.Text.Json;
using Reminders.Channels;
using Reminders.Words;
using Reminders.Zones;

namespace Reminders.Kinds;

/// <summary>
/// Holds a kind's texts against what they are rendered with and where they go, when the settings are read: a template that
/// names a value nobody gives, or is too long by itself, would otherwise kill every reminder of its kind, one by one. Pure.
/// </summary>
[Pure]
internal static class KindTextRules
{
    private static readonly string[] OfEveryText = ["recipient", "zone"];

    // What the engine's own subjects carry; what an app asks for by name declares its data itself.
    private static readonly Dictionary<string, string[]> OfSubject = new(StringComparer.Ordinal)
    {
        ["booking"] = ["title", "place", "candidate", "recruiter", "starts_at"],
        ["person"] = [],
        ["conversation"] = [],
    };

    private static readonly DateTimeOffset Sometime = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What is wrong, each with where it stands.</summary>
    public static IEnumerable<Sentence> Problems(KindDefinition kind, ChannelCatalog channels)
    {
        foreach (var (locale, texts) in kind.Templates)
        {
            foreach (var channel in kind.Channels)
            {
                if (channels.Of(channel).ShownLabel is { } shown && Alike(kind, texts, shown) is { } label)
                {
                    yield return new("wrong.in_row", Place(kind, locale), new Sentence("wrong.text_alike", label, channel));
                }
            }
            foreach (var (name, text) in texts)
            {
                foreach (var problem in Problems(kind, Place(kind, locale, name), name, text, channels))
                {
                    yield return problem;
                }
            }
        }
    }

    /// <summary>
    /// For a kind whose texts may not be shortened: what of the given data makes a text that one of its channels cannot carry.
    /// The recipient's name, which is not known yet, counts as nothing.
    /// </summary>
    public static IEnumerable<Sentence> TooLongFor(
        KindDefinition kind,
        IReadOnlyDictionary<string, JsonElement>? data,
        ChannelCatalog channels
    )
    {
        if (kind.TooLong != TooLong.Refuse)
        {
            yield break;
        }

        var values = JsonSerializer.SerializeToElement(data ?? new Dictionary<string, JsonElement>());
        foreach (var locale in kind.Templates.Keys)
        {
            var text = new KindTexts(kind, new("", locale, "UTC")).Render("text", null, values);
            foreach (var channel in kind.Channels)
            {
                var capacity = channels.Of(channel).Capacity;
                if (capacity.Measure(text) is var size && size > capacity.Most(kind.Buttons.Count > 0))
                {
                    yield return new("wrong.makes_long", (long)size, locale, channel, (long)capacity.Most(kind.Buttons.Count > 0));
                }
            }
        }
    }

    public static string Place(KindDefinition kind, string locale) => $"Kinds:{kind.Name}:Templates:{locale}";

    public static string Place(KindDefinition kind, string locale, string name) => $"{Place(kind, locale)}:{name}";

    /// <summary>Values as a text names them.</summary>
    public static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(one => $"{{{one}}}"));

    private static IEnumerable<Sentence> Problems(KindDefinition kind, string at, string name, string text, ChannelCatalog channels)
    {
        if (TextTemplate.WrongIn(text) is { } unreadable)
        {
            yield return new("wrong.in_row", at, unreadable);
            yield break;
        }
        var template = TextTemplate.Parse(text);
        if (Known(kind, name) is { } known)
        {
            var unknown = template.Names.Except(known).ToArray();
            foreach (var value in unknown)
            {
                yield return new("wrong.at", at, new Sentence("wrong.text_asks", $"{{{value}}}", Listed(known)));
            }

            if (unknown.Length > 0)
            {
                yield break;
            }
        }
        if (Rendered(kind, template, out var shortest) is { } refused)
        {
            yield return new("wrong.in_row", at, refused);
            yield break;
        }
        if (!IsSent(kind, name))
        {
            yield break;
        }

        foreach (var channel in kind.Channels)
        {
            var capacity = channels.Of(channel).Capacity;
            var most = capacity.Most(kind.Buttons.Count > 0);
            if (capacity.Measure(shortest) is var size && size > most)
            {
                yield return new("wrong.at", at, new Sentence("wrong.text_long", size, channel, most));
            }
        }
    }

    /// <summary>Whether the engine itself keeps the subject, and so knows what it has.</summary>
    public static bool IsOfTheEngine(KindDefinition kind) => OfSubject.ContainsKey(kind.Subject);

    /// <summary>The values a text may name; null where the engine cannot know.</summary>
    private static string[]? Known(KindDefinition kind, string name)
    {
        string[] link = kind.AnswerLink ? [KindTexts.AnswerLinkName] : [];
        string[] digest = name is "digest" or "digest_subject" ? ["count", "items"] : [];
        // With a role and no event, it is not known which of the two it is meant to be.
        if (kind.IsAskedFor && kind.To.Length > 0)
        {
            return null;
        }

        return kind.IsAskedFor ? [.. OfEveryText, .. kind.Data.Keys, .. digest]
            : OfSubject.TryGetValue(kind.Subject, out var own) ? [.. OfEveryText, .. own, .. link]
            : null;
    }

    /// <summary>A text that can be read, with nothing in its places.</summary>
    public static string Shortest(KindDefinition kind, string text)
    {
        _ = Rendered(kind, TextTemplate.Parse(text), out var shortest);
        return shortest;
    }

    /// <summary>The text with nothing in its places; or what is wrong with a format in it.</summary>
    private static Sentence? Rendered(KindDefinition kind, TextTemplate template, out string shortest)
    {
        shortest = "";
        try
        {
            shortest = template.Render(Sample, CultureInfo.InvariantCulture);
            return null;
        }
        catch (FormatException exception)
        {
            return new("wrong.text_format", exception.Message.TrimEnd('.'));
        }

        object Sample(string name) =>
            (
                name == "starts_at" ? "instant"
                : kind.Data.TryGetValue(name, out var type) ? type.TrimEnd('?')
                : ""
            ) switch
            {
                "instant" => new LocalInstant(Sometime, TimeZoneInfo.Utc),
                "number" => new WrittenNumber(0, ""),
                _ => "",
            };
    }

    private static string? Alike(KindDefinition kind, Dictionary<string, string> texts, Func<string, string> shown) =>
        kind
            .Buttons.Select(button => texts.TryGetValue(button, out var label) ? shown(label) : button)
            .GroupBy(label => label, StringComparer.Ordinal)
            .FirstOrDefault(same => same.Skip(1).Any())
            ?.Key;

    // Labels, subject lines and the names of a provider's templates have bounds of their own, kept by the senders.
    private static bool IsSent(KindDefinition kind, string name) =>
        name is "text" or "digest"
        || kind.Buttons.Count > 0 && name is "confirmed" or "declined" or "moved" or "cancelled"
        || kind.Answers.Values.Any(answer => answer.Closes && answer.ReplyText == name);
}
