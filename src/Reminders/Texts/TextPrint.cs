using System.Diagnostics.Contracts;
using System.Security.Cryptography;
using System.Text;
using Reminders.Kinds;
using Reminders.Zones;

namespace Reminders.Texts;

/// <summary>What a text is recognised by: a hash of the template, letter by letter, which no clock and no culture changes.</summary>
[Pure]
internal static class TextPrint
{
    /// <summary>Under which name stands what a message has beside its texts. No text is named so.</summary>
    public const string Around = ":around";

    public static string Of(string text) => Hash(text);

    /// <summary>Of each of a kind's texts in one language, by name.</summary>
    public static Dictionary<string, string?> Of(IReadOnlyDictionary<string, string> texts) =>
        texts.ToDictionary(text => text.Key, string? (text) => Of(text.Value), StringComparer.Ordinal);

    /// <summary>The same; null for a text that cannot be rendered with made-up values, of which nothing is said.</summary>
    public static SortedDictionary<string, string?> OfRendered(KindDefinition kind, string locale) =>
        new(
            kind.Templates[locale].ToDictionary(text => text.Key, text => IsRendered(kind, locale, text.Key) ? Of(text.Value) : null),
            StringComparer.Ordinal
        )
        {
            [Around] = Of(kind.AnswerLink, kind.Buttons),
        };

    /// <summary>Of which buttons there are, in their order, and whether a link leads to them: their words are texts.</summary>
    public static string Of(bool hasLink, IEnumerable<string> buttons) => Hash($"{hasLink} {string.Join(',', buttons)}");

    /// <summary>One for all of them.</summary>
    public static string Of(SortedDictionary<string, string?> prints) =>
        Hash(string.Join('\n', prints.Select(one => $"{one.Key} {one.Value}")));

    private static bool IsRendered(KindDefinition kind, string locale, string name)
    {
        try
        {
            TextRules.Sample(kind, locale, name);
            return true;
        }
        catch (Exception exception) when (exception is FormatException or KeyNotFoundException)
        {
            return false;
        }
        catch (UnknownZoneException)
        {
            // The machine's trouble, not the text's: the same on another one is the same.
            return true;
        }
    }

    // Half of it: nobody gains by a text that is taken for another.
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
