using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Reminders.Words;

namespace Reminders.Kinds;

/// <summary>
/// A text with named values in braces, <c>{title}</c>, and for instants and numbers a .NET format, <c>{starts_at:HH:mm}</c>,
/// <c>{value:N2}</c>, written in the reader's zone and language. <c>{{</c> and <c>}}</c> are literal braces. Parsed once per distinct text.
/// </summary>
public sealed class TextTemplate
{
    private static readonly ConcurrentDictionary<string, TextTemplate> Parsed = new(StringComparer.Ordinal);

    private readonly CompositeFormat _format;
    private readonly string[] _names;

    private TextTemplate(string text)
    {
        var found = new List<string>();
        _format = CompositeFormat.Parse(NumberPlaceholders(text, found));
        _names = [.. found];
    }

    /// <exception cref="FormatException">The text's braces do not match.</exception>
    public static TextTemplate Parse(string text) => Parsed.GetOrAdd(text, static t => new TextTemplate(t));

    /// <summary>The values it asks for, each once.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>What is wrong with a text, or null.</summary>
    public static string? ProblemIn(string text) => WrongIn(text) is { } problem ? Wording.English.Of(problem) : null;

    /// <inheritdoc cref="ProblemIn"/>
    internal static Sentence? WrongIn(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new("wrong.text_empty");
        }

        try
        {
            Parse(text);
            return null;
        }
        catch (TemplateException exception)
        {
            return exception.Problem;
        }
        catch (FormatException exception)
        {
            return new("wrong.text_format", exception.Message.TrimEnd('.'));
        }
    }

    /// <summary>The text with its values.</summary>
    /// <param name="value">Gives a value by name, or null when there is none.</param>
    /// <param name="culture">The reader's language, for dates and numbers.</param>
    /// <exception cref="KeyNotFoundException">The template asks for a value there is none of.</exception>
    public string Render(Func<string, object?> value, CultureInfo culture)
    {
        var values = new object?[_names.Length];
        for (var i = 0; i < _names.Length; i++)
        {
            values[i] = value(_names[i]) ?? throw new UnrenderableException(Reasons.Of("no_value", $"{{{_names[i]}}}"));
        }

        return string.Format(culture, _format, values);
    }

    // string.Format does the formatting; it only knows numbers, so names become numbers.
    private static string NumberPlaceholders(string text, List<string> names)
    {
        var numbered = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                numbered.Append(c).Append(c);
                i++;
            }
            else if (c == '{')
            {
                var end = text.IndexOfAny(['}', ':'], i);
                var name = end < 0 ? "" : text[(i + 1)..end];
                if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
                {
                    throw new TemplateException(new("wrong.text_brace", "{", i, "{name}"));
                }

                var index = names.IndexOf(name);
                if (index < 0)
                {
                    index = names.Count;
                    names.Add(name);
                }
                var close = text.IndexOf('}', end);
                if (close < 0)
                {
                    throw new TemplateException(new("wrong.text_open", $"{{{name}", i));
                }

                numbered.Append('{').Append(index.ToString(CultureInfo.InvariantCulture)).Append(text, end, close - end + 1);
                i = close;
            }
            else if (c == '}')
            {
                throw new TemplateException(new("wrong.text_closes", "}", i));
            }
            else
            {
                numbered.Append(c);
            }
        }
        return numbered.ToString();
    }
}
