using System.Text;
using System.Text.RegularExpressions;

namespace Reminders.Sandbox.Telegram;

/// <summary>A text whose marks are being taken out, and the entities they become.</summary>
internal sealed partial class MarkedText
{
    private readonly StringBuilder _text = new();
    private readonly List<TextEntity> _entities = [];

    public int Length => _text.Length;

    public IReadOnlyList<TextEntity> Entities => _entities;

    public void Append(char unit) => _text.Append(unit);

    public void Append(string text) => _text.Append(text);

    /// <param name="type">Null marks nothing.</param>
    /// <param name="from">Where the marked part begins; it ends here.</param>
    public void Mark(string? type, int from, string? name = null, string? value = null)
    {
        if (type is not null && Length > from)
        {
            _entities.Add(new(type, from, Length - from, name is null ? null : (name, value ?? _text.ToString(from, Length - from))));
        }
    }

    /// <param name="tag">What stands between the angle brackets, its name in lower case.</param>
    /// <param name="around">The name of the tag around it.</param>
    public void MarkHtml(string name, string tag, int from, string? around)
    {
        switch (name)
        {
            case "a":
                Mark("text_link", from, "url", Attribute(tag, "href"));
                break;
            case "tg-emoji" when Attribute(tag, "emoji-id") is { } emoji:
                Mark("custom_emoji", from, "custom_emoji_id", emoji);
                break;
            case "code" when around == "pre":
                // It only names the block's language, and the block is not marked a second time.
                if (Attribute(tag, "class") is ['l', 'a', 'n', 'g', 'u', 'a', 'g', 'e', '-', .. var language])
                {
                    Mark("pre", from, "language", language);
                }

                break;
            case "pre" when _entities is [.., { Type: "pre" } block] && block.Offset == from && block.Length == Length - from:
                break;
            default:
                Mark(TypeOf(name, tag), from);
                break;
        }
    }

    public override string ToString() => _text.ToString();

    private static string? TypeOf(string name, string tag) => name switch
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

    private static string? Attribute(string tag, string name) => Attributes().Matches(tag)
        .Where(match => match.Groups[1].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(match => System.Net.WebUtility.HtmlDecode(match.Groups[2].Value)).FirstOrDefault();

    [GeneratedRegex("""\s([a-z-]+)\s*=\s*["']?([^"'\s]*)["']?""", RegexOptions.IgnoreCase)]
    private static partial Regex Attributes();
}
