using System.Globalization;

namespace Reminders.Words;

/// <summary>
/// A sentence's text with places for its values, read once. <c>{0}</c> is a value as it is; <c>{0:span}</c> a length of time;
/// <c>{0:and}</c> and <c>{0:or}</c> several in a row; <c>{0:@state}</c> the language's word <c>state.…</c> for it; <c>{0:one|many}</c> what
/// goes with the number, which stands where <c>#</c> is; <c>{0:0.0}</c> a number with a fraction. What is in <c>[…]</c> is left out where
/// one of its values is null.
/// </summary>
internal sealed class Template
{
    /// <param name="Text">Of a place null.</param>
    /// <param name="Group">0 for what always stands; else which of the brackets it is in.</param>
    public readonly record struct Part(string? Text, int Value, string Form, int Group);

    public IReadOnlyList<Part> Parts { get; }

    public Template(string text)
    {
        var parts = new List<Part>();
        var (group, groups, from) = (0, 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('{' or '[' or ']'))
            {
                continue;
            }

            Literal(i);
            if (text[i] == '{')
            {
                var end = text.IndexOf('}', i);
                var (value, form) = text[(i + 1)..end].Split(':', 2) is [var number, var how] ? (number, how) : (text[(i + 1)..end], "");
                parts.Add(new(null, int.Parse(value, CultureInfo.InvariantCulture), form, group));
                i = end;
            }
            else
            {
                group = text[i] == '[' ? ++groups : 0;
            }

            from = i + 1;
        }

        Literal(text.Length);
        Parts = parts;

        void Literal(int to)
        {
            if (to > from)
            {
                parts.Add(new(text[from..to], -1, "", group));
            }
        }
    }

    /// <summary>Its values, with what is done to each, but for the words of a plural: those are each language's.</summary>
    public IEnumerable<string> Places =>
        Parts.Where(part => part.Text is null).Select(part => part.Form.Contains('|') ? $"{part.Value}:|" : $"{part.Value}:{part.Form}");
}
