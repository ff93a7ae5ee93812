using System.Net;
using System.Text.RegularExpressions;

namespace Reminders.Lab.Telegram;

/// <summary>The HTML parse mode: which tags there are, how they nest, and the entities they become.</summary>
internal static partial class HtmlMarkup
{
    private static readonly HashSet<string> Tags =
    [
        "a",
        "b",
        "strong",
        "i",
        "em",
        "s",
        "strike",
        "del",
        "u",
        "ins",
        "tg-spoiler",
        "tg-emoji",
        "tg-time",
        "span",
        "pre",
        "code",
        "blockquote",
    ];

    /// <summary>The complaint; empty when there is none.</summary>
    public static string Strip(string text, MarkedText result)
    {
        Stack<(string Name, string Tag, int From)> open = new();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '&')
            {
                var end = text.IndexOf(';', i);
                var decoded = end > i && end - i <= 10 ? WebUtility.HtmlDecode(text[i..(end + 1)]) : "&";
                result.Append(decoded.Length <= 2 ? decoded : "&");
                i = decoded.Length <= 2 && decoded != "&" || (end > i && text[i..(end + 1)] == "&amp;") ? end : i;
                continue;
            }

            if (text[i] != '<')
            {
                result.Append(text[i]);
                continue;
            }

            var close = text.IndexOf('>', i);
            var at = TextMarkup.At(text, i);
            if (i + 1 < text.Length && text[i + 1] == '/')
            {
                if (open.Count == 0)
                {
                    return "Unexpected end tag" + at;
                }

                var name = close < 0 ? null : text[(i + 2)..close].Trim().ToLowerInvariant();
                if (name is null)
                {
                    return "Unclosed end tag" + at;
                }

                if (name.Length > 0 && name != open.Peek().Name)
                {
                    return $"Unmatched end tag{at}, expected \"</{open.Peek().Name}>\", found \"</{name}>\"";
                }

                var closed = open.Pop();
                Mark(result, closed.Name, closed.Tag, closed.From, open.TryPeek(out var around) ? around.Name : null);
            }
            else
            {
                if (close < 0)
                {
                    return "Unclosed start tag" + at;
                }

                var tag = text[(i + 1)..close];
                var name = tag.Split([' ', '\n', '\t', '\r'], 2)[0].ToLowerInvariant();
                if (!Tags.Contains(name))
                {
                    return $"Unsupported start tag \"{name}\"{at}";
                }

                open.Push((name, tag, result.Length));
            }

            i = close;
        }

        return open.Count == 0 ? "" : $"Can't find end tag corresponding to start tag \"{open.Peek().Name}\"";
    }

    /// <param name="tag">What stands between the angle brackets, its name in lower case.</param>
    /// <param name="around">The name of the tag around it.</param>
    private static void Mark(MarkedText text, string name, string tag, int from, string? around)
    {
        switch (name)
        {
            case "a":
                text.Mark("text_link", from, "url", Attribute(tag, "href"));
                break;
            case "tg-emoji" when Attribute(tag, "emoji-id") is { } emoji:
                text.Mark("custom_emoji", from, "custom_emoji_id", emoji);
                break;
            case "code" when around == "pre":
                // It only names the block's language, and the block is not marked a second time.
                if (Attribute(tag, "class") is ['l', 'a', 'n', 'g', 'u', 'a', 'g', 'e', '-', .. var language])
                {
                    text.Mark("pre", from, "language", language);
                }

                break;
            case "pre" when text.Last is { Type: "pre" } block && block.Offset == from && block.Length == text.Length - from:
                break;
            default:
                text.Mark(TypeOf(name, tag), from);
                break;
        }
    }

    private static string? TypeOf(string name, string tag) =>
        name switch
        {
            "b" or "strong" => "bold",
            "i" or "em" => "italic",
            "u" or "ins" => "underline",
            "s" or "strike" or "del" => "strikethrough",
            "tg-spoiler" => "spoiler",
            "span" => Attribute(tag, "class") == "tg-spoiler" ? "spoiler" : null,
            "blockquote" => tag.Contains(" expandable", StringComparison.OrdinalIgnoreCase) ? "expandable_blockquote" : "blockquote",
            "pre" or "code" => name,
            _ => null,
        };

    private static string? Attribute(string tag, string name) =>
        Attributes()
            .Matches(tag)
            .Where(match => match.Groups[1].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(match => WebUtility.HtmlDecode(match.Groups[2].Value))
            .FirstOrDefault();

    [GeneratedRegex("""\s([a-z-]+)\s*=\s*["']?([^"'\s]*)["']?""", RegexOptions.IgnoreCase)]
    private static partial Regex Attributes();
}
