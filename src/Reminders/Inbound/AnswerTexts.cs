using Microsoft.Extensions.Configuration;
using Reminders.Channels;
using Reminders.Kinds;

namespace Reminders.Inbound;

/// <summary>The short texts a presser sees over the chat, by locale and effect: section <c>Answers</c>, shipped in kinds.json.</summary>
internal sealed class AnswerTexts
{
    /// <summary>What Telegram shows over a chat in answer to a press; it refuses more, and the presser would see nothing.</summary>
    public const int Longest = 200;

    // An app that wrote the others in its own languages before there were these goes on.
    private static readonly string[] InEnglishAtLeast =
    [
        nameof(AnswerEffect.Answered),
        nameof(AnswerEffect.AlreadyAnswered),
        nameof(AnswerEffect.AnsweredOtherwise),
        nameof(AnswerEffect.NotOffered),
    ];

    private readonly Dictionary<string, Dictionary<string, string>> _texts;

    private AnswerTexts(Dictionary<string, Dictionary<string, string>> texts) => _texts = texts;

    /// <exception cref="InvalidOperationException">A text is missing, by its setting.</exception>
    public static AnswerTexts Read(IConfiguration configuration)
    {
        // An app with kinds of its own need not write these anew: what it leaves out is as shipped.
        var texts = new ConfigurationBuilder()
            .Add(new ShippedKinds())
            .AddConfiguration(configuration)
            .Build()
            .GetSection("Answers")
            .GetChildren()
            .ToDictionary(
                locale => locale.Key,
                locale => locale.GetChildren().ToDictionary(text => text.Key, text => text.Value ?? "", StringComparer.OrdinalIgnoreCase),
                StringComparer.OrdinalIgnoreCase
            );
        foreach (var (locale, own) in texts)
        {
            foreach (var effect in Enum.GetNames<AnswerEffect>().Except(InEnglishAtLeast).Where(effect => !own.ContainsKey(effect)))
            {
                throw new InvalidOperationException($"Answers:{locale}:{effect} is missing: what a presser is told then.");
            }

            foreach (var (effect, text) in own)
            {
                if (TextCapacity.CodePoints(text) is > Longest and var length)
                {
                    throw new InvalidOperationException(
                        $"Answers:{locale}:{effect} has {length} characters: Telegram shows at most {Longest}."
                    );
                }
            }
        }
        return new(texts);
    }

    public string For(string locale, AnswerEffect effect) =>
        Of(locale).TryGetValue(effect.ToString(), out var own) ? own : _texts["en"][effect.ToString()];

    /// <summary>A text of the page behind a link, which may be left out.</summary>
    public string Page(string locale, string name, string otherwise) =>
        Of(locale).TryGetValue(name, out var own) ? own
        : _texts["en"].TryGetValue(name, out var english) ? english
        : otherwise;

    private Dictionary<string, string> Of(string locale) =>
        _texts.TryGetValue(locale, out var exact) ? exact
        : _texts.TryGetValue(locale.Split('-')[0], out var language) ? language
        : _texts["en"];
}
