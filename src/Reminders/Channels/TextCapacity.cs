using System.Diagnostics.Contracts;

namespace Reminders.Channels;

/// <summary>How long a text a channel carries, counted as its provider counts. Pure.</summary>
/// <param name="Longest">Of a message without buttons.</param>
/// <param name="LongestWithButtons">Of one with.</param>
/// <param name="InUtf16">Whether UTF-16 units are counted, and not characters (code points).</param>
[Pure]
public sealed record TextCapacity(int Longest, int LongestWithButtons, bool InUtf16)
{
    /// <summary>Carries whatever it is given: mail, and the app's own inbox.</summary>
    public static TextCapacity Unlimited { get; } = new(int.MaxValue, int.MaxValue, InUtf16: true);

    /// <summary>How long a text may be, in what <see cref="Measure"/> counts.</summary>
    public int Most(bool withButtons) => withButtons ? LongestWithButtons : Longest;

    /// <summary>How long a text is, as this channel counts.</summary>
    public int Measure(string text) => InUtf16 ? text.Length : CodePoints(text);

    /// <summary>Characters as people write them, an emoji being one: not UTF-16 units, and not JSON's escapes.</summary>
    public static int CodePoints(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                count--;
            }
        }
        return count;
    }

    /// <summary>The longest beginning of <paramref name="text"/> of at most <paramref name="most"/>, ending with a word where one ends in
    /// its last fifth.</summary>
    public string Head(string text, int most)
    {
        if (most <= 0)
        {
            return "";
        }

        var end = 0;
        var used = 0;
        foreach (var element in Elements(text))
        {
            var size = Measure(element);
            if (used + size > most)
            {
                break;
            }

            (end, used) = (end + element.Length, used + size);
        }
        if (end == text.Length)
        {
            return text;
        }
        // A part of a link or of a number says something else than the whole.
        var space = text.AsSpan(0, end + 1).LastIndexOfAny(' ', '\n');
        return text[..(space > end - (end / 5) - 1 && space > 0 ? space : end)].TrimEnd();
    }

    // What a person sees as one character stays whole; a heap of marks without end is cut between its code points.
    private static IEnumerable<string> Elements(string text)
    {
        const int Longest = 64;
        var elements = System.Globalization.StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            if (element.Length <= Longest)
            {
                yield return element;
                continue;
            }
            foreach (var rune in element.EnumerateRunes())
            {
                yield return rune.ToString();
            }
        }
    }
}
