using System.Net;
using System.Text.RegularExpressions;

namespace Reminders.Kinds;

/// <summary>A plain text as HTML, so that one template serves both: its paragraphs, its line breaks, and its links to follow.</summary>
internal static partial class HtmlText
{
    public static string Of(string text)
    {
        var paragraphs = BlankLine()
            .Split(text.ReplaceLineEndings("\n").Trim('\n'))
            .Select(paragraph => $"<p>{Linked(paragraph).Replace("\n", "<br>\n", StringComparison.Ordinal)}</p>");
        return $"<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n{string.Join('\n', paragraphs)}\n</body></html>\n";
    }

    // Links are found before anything is encoded: what stands around an address must not become part of it.
    private static string Linked(string text)
    {
        var linked = new System.Text.StringBuilder();
        var from = 0;
        foreach (Match link in Link().Matches(text))
        {
            var address = WebUtility.HtmlEncode(link.Value);
            linked
                .Append(WebUtility.HtmlEncode(text[from..link.Index]))
                .Append("<a href=\"")
                .Append(address)
                .Append("\">")
                .Append(address)
                .Append("</a>");
            from = link.Index + link.Length;
        }
        return linked.Append(WebUtility.HtmlEncode(text[from..])).ToString();
    }

    [GeneratedRegex(@"\n\s*\n")]
    private static partial Regex BlankLine();

    [GeneratedRegex(@"https?://[^\s<>""]*[^\s<>"".,;:!?)\]]")]
    private static partial Regex Link();
}
