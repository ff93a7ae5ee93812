using System.Globalization;
using System.Text;

namespace Reminders.Lab.Telegram;

/// <summary>
/// parse_mode, as far as a sender can get it wrong: unknown, unclosed and badly nested tags, unescaped characters. The text
/// is stripped of its marks, which become entities. Offsets in the complaints are bytes of UTF-8 (td's MessageEntity.cpp).
/// </summary>
internal static class TextMarkup
{
    public static bool TryStrip(string parseMode, ref string text, out IReadOnlyList<TextEntity> entities, out string error)
    {
        var result = new MarkedText();
        var complaint = parseMode.ToLowerInvariant() switch
        {
            "html" => HtmlMarkup.Strip(text, result),
            "markdownv2" => MarkdownV2(text, result),
            "markdown" => Markdown(text, result),
            "none" => None(text, result),
            _ => null,
        };
        error =
            complaint is null ? "unsupported parse_mode"
            : complaint.Length > 0 ? "can't parse entities: " + complaint
            : "";
        (text, entities) = (result.ToString(), result.Entities);
        return error.Length == 0;
    }

    private static string None(string text, MarkedText result)
    {
        result.Append(text);
        return "";
    }

    private static string MarkdownV2(string text, MarkedText result)
    {
        Stack<(string Mark, string Name, int At, int From)> open = new();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var inCode = open.Count > 0 && open.Peek().Name is "Code" or "Pre";
            if (c == '\\' && i + 1 < text.Length && text[i + 1] is > '\0' and < '\x7F')
            {
                result.Append(text[++i]);
            }
            else if (open.Count > 0 && string.CompareOrdinal(text, i, open.Peek().Mark, 0, open.Peek().Mark.Length) == 0)
            {
                var closed = open.Pop();
                i += closed.Mark.Length - 1;
                string? url = null;
                if (closed.Name == "TextUrl" && i + 1 < text.Length && text[i + 1] == '(')
                {
                    var end = text.IndexOf(')', i);
                    if (end < 0)
                    {
                        return "Can't find end of a URL" + At(text, i + 1);
                    }

                    (url, i) = (text[(i + 2)..end], end);
                }

                // A text in square brackets without an address is plain.
                result.Mark(
                    closed.Name != "TextUrl" ? closed.Name.ToLowerInvariant()
                        : url is null ? null
                        : "text_link",
                    closed.From,
                    url is null ? null : "url",
                    url
                );
            }
            else if (inCode || !"_*[]()~`>#+-=|{}.!".Contains(c, StringComparison.Ordinal))
            {
                result.Append(c);
            }
            else if (Opening(text, i) is { } mark)
            {
                open.Push((mark.End, mark.Name, i, result.Length));
                i += mark.Start.Length - 1;
            }
            else if (c != '>' || (i > 0 && text[i - 1] != '\n'))
            {
                return $"Character '{c}' is reserved and must be escaped with the preceding '\\'";
            }
        }

        return open.Count == 0 ? "" : $"Can't find end of {open.Peek().Name} entity{At(text, open.Peek().At)}";
    }

    private static (string Start, string End, string Name)? Opening(string text, int i)
    {
        (string Start, string End, string Name)[] marks =
        [
            ("```", "```", "Pre"),
            ("`", "`", "Code"),
            ("__", "__", "Underline"),
            ("_", "_", "Italic"),
            ("*", "*", "Bold"),
            ("~", "~", "Strikethrough"),
            ("||", "||", "Spoiler"),
            ("![", "]", "TextUrl"),
            ("[", "]", "TextUrl"),
        ];
        foreach (var mark in marks)
        {
            if (string.CompareOrdinal(text, i, mark.Start, 0, mark.Start.Length) == 0)
            {
                return mark;
            }
        }

        return null;
    }

    private static string Markdown(string text, MarkedText result)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '_' or '*' or '`' or '[')
            {
                result.Append(text[++i]);
                continue;
            }

            if (text[i] is not ('_' or '*' or '`' or '['))
            {
                result.Append(text[i]);
                continue;
            }

            var end = text.IndexOf(text[i] == '[' ? ']' : text[i], i + 1);
            if (end < 0)
            {
                return "Can't find end of the entity starting" + At(text, i);
            }

            var from = result.Length;
            result.Append(text[(i + 1)..end]);
            if (text[i] != '[')
            {
                result.Mark(
                    text[i] switch
                    {
                        '*' => "bold",
                        '_' => "italic",
                        _ => "code",
                    },
                    from
                );
            }
            else if (end + 1 < text.Length && text[end + 1] == '(' && text.IndexOf(')', end) is > 0 and var url)
            {
                result.Mark("text_link", from, "url", text[(end + 2)..url]);
                end = url;
            }

            i = end;
        }

        return "";
    }

    /// <summary>Counted as the complaints do.</summary>
    public static string At(string text, int index) =>
        " at byte offset " + Encoding.UTF8.GetByteCount(text.AsSpan(0, index)).ToString(CultureInfo.InvariantCulture);
}
