using System.Diagnostics.Contracts;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Kinds;

/// <summary>The answers of a kind: completed from its texts, and held against what its channels can show. Pure.</summary>
internal static partial class KindAnswers
{
    public const string Confirm = "confirm";
    public const string Decline = "decline";

    /// <summary>With the colon and the message's token they are Telegram's 64 bytes.</summary>
    public const int LongestKey = 31;

    /// <summary>What kinds may offer without declaring it.</summary>
    public static readonly string[] Known = [Confirm, Decline];

    // An answer's key stands beside a kind's texts, and becomes its subject's status and what plans other kinds.
    private static readonly string[] Taken =
    [
        "text",
        "subject",
        "digest",
        "digest_subject",
        "whatsapp_template",
        "whatsapp_values",
        "proposed",
        "approved",
        "confirmed",
        "declined",
        "moved",
        "cancelled",
        "reminder_held",
        "reminder_skipped",
    ];

    public static string StatusOf(string key) =>
        key switch
        {
            Confirm => "confirmed",
            Decline => "declined",
            _ => key,
        };

    public static string ReplyOf(string key) => Known.Contains(key) ? StatusOf(key) : $"{key}_reply";

    public static bool IsKey(string key) => Form().IsMatch(key);

    /// <summary>Gives each button its answer, and the kind's texts what its answers say.</summary>
    public static void Complete(KindDefinition kind)
    {
        if (kind.Buttons.Count == 0)
        {
            kind.Buttons = [.. kind.Answers.Keys];
        }

        foreach (var key in kind.Buttons.Where(Known.Contains))
        {
            kind.Answers.TryAdd(key, new());
        }

        foreach (var (key, answer) in kind.Answers)
        {
            answer.Key = key;
            foreach (var (locale, texts) in kind.Templates)
            {
                if (answer.Label.TryGetValue(locale, out var label))
                {
                    texts[key] = label;
                }

                if (answer.Reply.TryGetValue(locale, out var reply))
                {
                    texts[answer.ReplyText] = reply;
                }
            }
        }
    }

    /// <summary>What the binder passed over without a word, as it does where it cannot read a dictionary's value.</summary>
    public static IEnumerable<string> Unread(IConfigurationSection section, KindDefinition kind) =>
        from answer in section.GetSection(nameof(KindDefinition.Answers)).GetChildren()
        where !kind.Answers.ContainsKey(answer.Key)
        select $"{answer.Path} cannot be read{(answer["Then"] is { } then ? $", with Then '{OutsideText.Clean(then, 40)}'" : "")}: it has "
            + $"Label and Reply, each by locale, and Then ({string.Join(", ", Enum.GetNames<AnswerThen>())}).";

    [Pure]
    public static IEnumerable<string> Problems(KindDefinition kind, ChannelCatalog channels)
    {
        foreach (var key in kind.Buttons.Where(key => !kind.Answers.ContainsKey(key)).Distinct())
        {
            yield return $"Buttons has '{OutsideText.Clean(key, 40)}', which Answers does not declare: there are "
                + $"{string.Join(", ", Known.Union(kind.Answers.Keys))}.";
        }

        if (kind.Buttons.GroupBy(key => key, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any()) is { Key: var twice })
        {
            yield return $"Buttons has '{OutsideText.Clean(twice, 40)}' twice.";
        }

        foreach (var channel in kind.Channels)
        {
            if (channels.Of(channel).MostButtons is { } most && kind.Buttons.Count > most)
            {
                yield return $"Buttons has {kind.Buttons.Count} ({string.Join(", ", kind.Buttons)}): {channel} takes at most {most}.";
            }
        }

        foreach (var answer in kind.Answers.Values)
        {
            foreach (var problem in Problems(kind, answer, channels))
            {
                yield return problem;
            }
        }
    }

    /// <summary>One answer does one thing to a subject, whichever of its kinds asked.</summary>
    public static IEnumerable<string> Contradictions(IReadOnlyCollection<KindDefinition> kinds) =>
        from same in kinds
            .SelectMany(kind => kind.Answers.Values, (kind, answer) => (kind, answer))
            .GroupBy(one => (one.kind.Subject, one.answer.Key))
        let first = same.First()
        from other in same.Skip(1)
        where other.answer.Outcome != first.answer.Outcome
        select $"Kinds:{other.kind.Name}:Answers:{other.answer.Key}:Then is {other.answer.Outcome}: Kinds:{first.kind.Name} has "
            + $"{first.answer.Outcome}, about the same subjects ({first.kind.Subject}).";

    private static IEnumerable<string> Problems(KindDefinition kind, AnswerDefinition answer, ChannelCatalog channels)
    {
        var at = $"Answers:{OutsideText.Clean(answer.Key, 40)}";
        if (!IsKey(answer.Key))
        {
            yield return $"{at}: an answer's key is 1 to {LongestKey} lower case letters, digits and underscores, a letter first.";
            yield break;
        }

        if (Taken.Contains(answer.Key) || answer.Key.EndsWith("_reply", StringComparison.Ordinal))
        {
            yield return $"{at}: '{answer.Key}' is the name of a text or of a status already; it should be another.";
        }

        if (!kind.Buttons.Contains(answer.Key))
        {
            yield return $"{at} is not in Buttons, which has {string.Join(", ", kind.Buttons)}.";
        }

        if (answer.Then is { } then && !Enum.IsDefined(then))
        {
            yield return $"{at}:Then is {then}: it must be {string.Join(", ", Enum.GetNames<AnswerThen>())}.";
        }

        // A booking's states are the engine's own, and said in its API.
        if (kind.Subject == "booking" && (Known.Contains(answer.Key) ? answer.Then is not null : answer.Closes))
        {
            yield return Known.Contains(answer.Key)
                ? $"{at}:Then is {answer.Then}: for a booking it is what it is, and should be left out."
                : $"{at}:Then is {answer.Outcome}: about a booking it must be {nameof(AnswerThen.Open)}, as it has no state "
                    + "but confirmed and declined.";
        }
    }

    /// <summary>What is wrong with what its answers say, each with where it stands.</summary>
    public static IEnumerable<Sentence> ProblemsOfTexts(KindDefinition kind, ChannelCatalog channels) =>
        kind.Answers.Values.Where(answer => IsKey(answer.Key)).SelectMany(answer => ProblemsOfTexts(kind, answer, channels));

    private static IEnumerable<Sentence> ProblemsOfTexts(KindDefinition kind, AnswerDefinition answer, ChannelCatalog channels)
    {
        var at = $"Kinds:{kind.Name}:Answers:{answer.Key}";
        foreach (var locale in answer.Label.Keys.Union(answer.Reply.Keys).Where(locale => !kind.Templates.ContainsKey(locale)))
        {
            var has = new Sentence("wrong.text_elsewhere", OutsideText.Clean(locale, 40), string.Join(", ", kind.Templates.Keys));
            yield return new("wrong.at", at, has);
        }

        foreach (var (locale, texts) in kind.Templates)
        {
            var isKnown = Known.Contains(answer.Key);
            if (!texts.TryGetValue(answer.Key, out var label) || string.IsNullOrWhiteSpace(label))
            {
                yield return isKnown && !answer.Label.ContainsKey(locale)
                    ? new("wrong.at", KindTextRules.Place(kind, locale, answer.Key), new Sentence("wrong.text_missing"))
                    : new("wrong.at", $"{at}:Label:{locale}", new Sentence("wrong.text_of_label"));
                continue;
            }

            if (!isKnown && answer.Closes && !texts.ContainsKey(answer.ReplyText))
            {
                yield return new("wrong.at", $"{at}:Reply:{locale}", new Sentence("wrong.text_of_reply"));
            }

            // With nothing in its places: what a value makes of it is cut when it is sent.
            var shown = TextTemplate.WrongIn(label) is null ? KindTextRules.Shortest(kind, label).Trim() : "";
            foreach (var channel in kind.Channels)
            {
                if (channels.Of(channel).LongestLabel is { } most && shown.Length > most)
                {
                    yield return new(
                        "wrong.at",
                        answer.Label.ContainsKey(locale) ? $"{at}:Label:{locale}" : KindTextRules.Place(kind, locale, answer.Key),
                        new Sentence("wrong.text_label", OutsideText.Clean(shown, 60), shown.Length, channel, most)
                    );
                }
            }
        }
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,30}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
