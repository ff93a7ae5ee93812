using System.Diagnostics.Contracts;
using System.Globalization;
using Reminders.Channels;

namespace Reminders.Kinds;

/// <summary>Makes texts fit their channel, and says so where something is missing. Pure.</summary>
[Pure]
internal static class FittedText
{
    /// <summary>How many messages one text may become: more would be the reader's trouble, and the lease's.</summary>
    public const int MostParts = 4;

    // Read as an omission in every language.
    private const string Omission = "[…]";

    /// <summary>
    /// The text with its longest values cut: what a template says around them (the time, the question) is what the message
    /// is for. Only a template that is too long by itself is cut at its end.
    /// </summary>
    public static string Shorten(TextTemplate template, Func<string, object?> value, CultureInfo culture, TextCapacity capacity, int most)
    {
        var (fits, tooMuch) = (
            0,
            template.Names.Select(name => value(name) is string text ? capacity.Measure(text) : 0).DefaultIfEmpty().Max() + 1
        );
        string Render(int longest) =>
            template.Render(name => value(name) is string text ? Omit(text, capacity, longest) : value(name), culture);
        if (capacity.Measure(Render(tooMuch)) <= most)
        {
            return Render(tooMuch);
        }
        // The largest bound for every value under which the whole fits: the long ones share the cut.
        while (tooMuch - fits > 1)
        {
            var middle = (fits + tooMuch) / 2;
            (fits, tooMuch) = capacity.Measure(Render(middle)) <= most ? (middle, tooMuch) : (fits, middle);
        }
        return Omit(Render(fits), capacity, most);
    }

    /// <summary>The text in at most <see cref="MostParts"/> pieces, cut where words end.</summary>
    /// <param name="most">Of each but the last.</param>
    /// <param name="mostOfLast">Of the last, which has the buttons.</param>
    public static IReadOnlyList<string> Split(string text, TextCapacity capacity, int most, int mostOfLast)
    {
        var parts = new List<string>();
        var rest = text;
        while (capacity.Measure(rest) > mostOfLast && parts.Count < MostParts - 1)
        {
            // A last part that carries less is left well filled: the question and its buttons belong together.
            var head = capacity.Head(rest, mostOfLast < most ? Math.Min(most, capacity.Measure(rest) - (mostOfLast * 4 / 5)) : most);
            if (head.Length == 0)
            {
                break;
            }

            parts.Add(head);
            rest = rest[head.Length..].TrimStart();
        }
        parts.Add(Omit(rest, capacity, mostOfLast));
        return parts;
    }

    /// <summary>The text, or its beginning and the mark where it has more than <paramref name="most"/>.</summary>
    private static string Omit(string text, TextCapacity capacity, int most)
    {
        if (capacity.Measure(text) <= most)
        {
            return text;
        }

        var head = capacity.Head(text, most - Omission.Length - 1);
        return head.Length == 0 ? Omission : $"{head} {Omission}";
    }
}
