using System.Diagnostics.Contracts;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Words;

namespace Reminders.Texts;

/// <summary>Holds texts that would be set against what their kind may say, and renders them with made-up values. Pure.</summary>
[Pure]
internal static partial class TextRules
{
    private static readonly DateTimeOffset Sometime = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string> Samples = new(StringComparer.Ordinal)
    {
        ["candidate"] = "Anna Ivanova",
        ["recruiter"] = "Rita Meyer",
        ["title"] = "Engineer",
        ["place"] = "Room 5",
        ["count"] = "3",
    };

    /// <summary>A kind's texts as it declares them, with others over them.</summary>
    public static IDictionary<string, Dictionary<string, string>> Over(KindDefinition kind, IEnumerable<KindText> texts)
    {
        var all = new Dictionary<string, Dictionary<string, string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (locale, declared) in kind.DeclaredTexts)
        {
            all[locale] = new(declared, declared.Comparer);
        }

        foreach (var text in texts)
        {
            if (!all.TryGetValue(text.Locale, out var there))
            {
                all[text.Locale] = there = new(StringComparer.Ordinal);
            }

            there[text.Name] = text.Text;
        }

        return all;
    }

    /// <summary>What is wrong with a kind's texts, as a start would say it, and no more than that.</summary>
    public static IEnumerable<Sentence> Problems(
        KindCatalog kinds,
        KindDefinition kind,
        IDictionary<string, Dictionary<string, string>> texts
    )
    {
        var changed = kind.WithTexts(texts);
        var problems = kinds.ProblemsOfTexts(changed).Except(kinds.ProblemsOfTexts(kind.WithTexts(kind.DeclaredTexts))).ToArray();
        return problems.Length > 0 ? problems : Unrendered(changed);
    }

    /// <summary>
    /// What one text asks for and nobody may give: of an app's own subject the engine knows what its declared texts say, and what its
    /// subjects have.
    /// </summary>
    /// <param name="had">What every one of some of its subjects has.</param>
    public static IEnumerable<Sentence> Unknown(
        KindDefinition kind,
        string locale,
        string name,
        string text,
        IReadOnlyCollection<string> had
    )
    {
        if (kind.IsAskedFor || KindTextRules.IsOfTheEngine(kind) || TextTemplate.WrongIn(text) is not null)
        {
            yield break;
        }

        string[] known =
        [
            "recipient",
            "zone",
            .. kind.Before is null ? Array.Empty<string>() : ["starts_at"],
            .. kind.AnswerLink ? [KindTexts.AnswerLinkName] : Array.Empty<string>(),
            .. kind.DeclaredTexts.Values.SelectMany(texts => texts.Values).SelectMany(one => TextTemplate.Parse(one).Names),
            .. had,
        ];
        foreach (var value in TextTemplate.Parse(text).Names.Except(known))
        {
            var asks = new Sentence("wrong.text_asks_of", $"{{{value}}}", kind.Subject, KindTextRules.Listed(known.Distinct()));
            yield return new(WrongFields.At, KindTextRules.Place(kind, locale, name), asks);
        }
    }

    /// <summary>How a text reads.</summary>
    /// <exception cref="FormatException">It cannot be rendered.</exception>
    public static string Sample(KindDefinition kind, string locale, string name)
    {
        var asked = TextTemplate.Parse(kind.Templates[locale][name]).Names;
        var values = asked.ToDictionary(one => one, one => ValueOf(kind, one), StringComparer.Ordinal);
        var texts = new KindTexts(kind, new("Anna Ivanova", locale, "Europe/Moscow")) { AnswerLink = "https://reminders.example.com/a/…" };
        return texts.Render(name, Sometime, JsonSerializer.SerializeToElement(values));
    }

    public static bool IsLocale(string locale) => Form().IsMatch(locale);

    private static string ValueOf(KindDefinition kind, string name) =>
        kind.Data.TryGetValue(name, out var type)
            ? type.TrimEnd('?') switch
            {
                "number" => "1234.5",
                "flag" => "true",
                "instant" => "2027-03-01T15:00:00+03:00",
                _ => $"‹{name}›",
            }
            : Samples.GetValueOrDefault(name) ?? $"‹{name}›";

    private static IEnumerable<Sentence> Unrendered(KindDefinition kind)
    {
        foreach (var (locale, texts) in kind.Templates)
        {
            foreach (var name in texts.Keys)
            {
                Sentence? problem = null;
                try
                {
                    Sample(kind, locale, name);
                }
                catch (Exception exception) when (exception is FormatException or KeyNotFoundException)
                {
                    problem = exception is UnrenderableException { Why: var why }
                        ? Reasons.Meaning(why)
                        : new("reason.said", OutsideText.Clean(exception.Message));
                }

                if (problem is not null)
                {
                    yield return new(
                        WrongFields.At,
                        KindTextRules.Place(kind, locale, name),
                        new Sentence("wrong.text_unrendered", problem)
                    );
                }
            }
        }
    }

    [GeneratedRegex(@"\A[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
