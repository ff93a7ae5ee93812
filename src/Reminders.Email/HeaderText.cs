using System.Text;

namespace Reminders.Email;

/// <summary>
/// Free text in a header, in a form that cannot end the header: RFC 2047 words wherever it is not short and plain ASCII. Not
/// MimeKit's: it lets through what looks like an encoded word already, and folds some names into lines of hundreds of letters.
/// </summary>
internal static class HeaderText
{
    // A line that holds an encoded word has at most 76 characters (RFC 2047, 2): "Subject: " and 60 of them fit.
    private const int BytesInWord = 36;
    private const int LongestPlain = 66;

    /// <summary>A subject: plain, or encoded words on lines of their own.</summary>
    public static string Unstructured(string text)
    {
        var clean = OneLine(text);
        return IsPlain(clean) ? clean : Words(clean);
    }

    /// <summary>A name before an address: a quoted string, or encoded words.</summary>
    public static string Phrase(string name)
    {
        var clean = OneLine(name);
        return IsPlain(clean)
            ? $"\"{clean.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : Words(clean);
    }

    // A template's data may hold a line end, and with it a header of somebody's choice.
    private static string OneLine(string text) =>
        string.Create(
                text.Length,
                text,
                static (line, from) =>
                {
                    for (var i = 0; i < line.Length; i++)
                    {
                        line[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
                    }
                }
            )
            .Trim();

    // What already looks like an encoded word would be decoded by the reader's program.
    private static bool IsPlain(string text) =>
        text.Length <= LongestPlain && Ascii.IsValid(text) && !text.Contains("=?", StringComparison.Ordinal);

    private static string Words(string text)
    {
        var words = new StringBuilder();
        var bytes = new byte[BytesInWord];
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // No character is split between two words (RFC 2047, 5).
            if (used + rune.Utf8SequenceLength > BytesInWord)
            {
                Append();
            }
            used += rune.EncodeToUtf8(bytes.AsSpan(used));
        }
        Append();
        return words.ToString();

        void Append()
        {
            words.Append(words.Length == 0 ? "" : "\r\n ").Append("=?utf-8?B?").Append(Convert.ToBase64String(bytes, 0, used)).Append("?=");
            used = 0;
        }
    }
}
