using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Reminders.Sandbox.Mail;

/// <summary>Reads what a mail says: headers, and the text and HTML of a single part or of multipart/alternative and /mixed.</summary>
internal static partial class MailParser
{
    // One char per byte until a part's charset is known.
    private static readonly Encoding s_bytes = Encoding.Latin1;

    public static (IReadOnlyList<MailHeader> Headers, string Text, string? Html) Read(string raw)
    {
        var (headers, body) = Split(raw);
        var (text, html) = Parts(headers, body);
        return (headers, text ?? "", html);
    }

    private static (List<MailHeader> Headers, string Body) Split(string entity)
    {
        var end = entity.StartsWith("\r\n", StringComparison.Ordinal) ? 0 : entity.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = end < 0 ? entity : entity[..end];
        var headers = new List<MailHeader>();
        foreach (var line in Folds().Replace(head, " ").Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.Add(new MailHeader(line[..colon], Decoded(line[(colon + 1)..].Trim())));
            }
        }

        return (headers, end < 0 ? "" : entity[(end + (end == 0 ? 2 : 4))..]);
    }

    private static (string? Text, string? Html) Parts(List<MailHeader> headers, string body)
    {
        var type = Value(headers, "Content-Type") ?? "text/plain";
        if (Boundary().Match(type) is { Success: true } boundary && type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            string? text = null, html = null;
            var name = boundary.Groups[1].Success ? boundary.Groups[1].Value : boundary.Groups[2].Value;
            foreach (var part in $"\r\n{body}".Split($"\r\n--{name}").Skip(1).TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)))
            {
                var (inner, content) = Split(part.StartsWith("\r\n", StringComparison.Ordinal) ? part[2..] : part);
                var found = Parts(inner, content);
                text ??= found.Text;
                html ??= found.Html;
            }

            return (text, html);
        }

        var decoded = Content(headers, body, type);
        return type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) ? (null, decoded)
            : type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) ? (decoded, null)
            : (null, null);
    }

    private static string Content(List<MailHeader> headers, string body, string type)
    {
        var bytes = (Value(headers, "Content-Transfer-Encoding") ?? "7bit").ToUpperInvariant() switch
        {
            "BASE64" => Convert.FromBase64String(body),
            "QUOTED-PRINTABLE" => Unquoted(SoftBreaks().Replace(body, "")),
            _ => s_bytes.GetBytes(body),
        };
        var charset = Charset().Match(type) is { Success: true } match ? match.Groups[1].Value : "us-ascii";
        return Encoding.GetEncoding(charset).GetString(bytes).ReplaceLineEndings("\n").TrimEnd('\n');
    }

    /// <summary>RFC 2047: each word is whole by itself, and the space between two of them is not shown.</summary>
    private static string Decoded(string value) => Words().Replace(BetweenWords().Replace(value, "$1"), word =>
        Encoding.GetEncoding(word.Groups[1].Value).GetString(
            word.Groups[2].Value is "B" or "b"
                ? Convert.FromBase64String(word.Groups[3].Value)
                : Unquoted(word.Groups[3].Value.Replace('_', ' '))));

    private static byte[] Unquoted(string text) => s_bytes.GetBytes(Quoted().Replace(text, hex =>
        ((char)int.Parse(hex.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));

    private static string? Value(List<MailHeader> headers, string name) =>
        headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();

    [GeneratedRegex(@"\r\n[ \t]+")]
    private static partial Regex Folds();

    [GeneratedRegex(@"boundary=(?:""([^""]+)""|([^;\s]+))", RegexOptions.IgnoreCase)]
    private static partial Regex Boundary();

    [GeneratedRegex(@"charset=""?([\w-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();

    [GeneratedRegex(@"=\?([\w-]+)\?([BbQq])\?([^? ]*)\?=")]
    private static partial Regex Words();

    [GeneratedRegex(@"(\?=)\s+(?==\?)")]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"=[ \t]*\r\n")]
    private static partial Regex SoftBreaks();

    [GeneratedRegex("=([0-9A-Fa-f]{2})")]
    private static partial Regex Quoted();
}
