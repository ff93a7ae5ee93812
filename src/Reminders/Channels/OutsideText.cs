using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reminders.Channels;

/// <summary>
/// Texts that come from outside (a provider's error, an id, a name in an update), made fit to be kept and shown: PostgreSQL
/// refuses a NUL (22021) and a lone surrogate, a terminal obeys an ESC, and nobody needs ten megabytes of an error (rule 18).
/// </summary>
internal static class OutsideText
{
    /// <summary>A detail that people read. UTF-16 units.</summary>
    public const int Detail = 1000;

    /// <summary>An id that a provider gave. Beyond that it is no id.</summary>
    public const int Id = 256;

    /// <summary>
    /// An id that can be kept as it is, else null: an id that had to be changed, here or on its way here (U+FFFD), would be another's.
    /// </summary>
    public static string? IdOrNull(string? id, int longest = Id) =>
        !string.IsNullOrWhiteSpace(id) && id.Length <= longest && !id.Contains('\ufffd') && Clean(id, longest) == id ? id : null;

    /// <summary>The text where it can be kept as it is, else one that stands for it and for no other.</summary>
    public static string Key(string text, int longest) =>
        text.Length == 0 ? "" : IdOrNull(text, longest) ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// The text with control characters (line breaks included) as spaces and lone surrogates as U+FFFD, cut to
    /// <paramref name="longest"/> with an ellipsis.
    /// </summary>
    public static string Clean(string? text, int longest = Detail)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var kept = new StringBuilder(Math.Min(text.Length, longest));
        var fits = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // Zl and Zp break lines as a control character does.
            kept.Append(
                Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                    ? " "
                    : rune.ToString()
            );
            if (kept.Length > longest)
            {
                kept.Length = fits;
                kept.Append('…');
                break;
            }
            if (kept.Length < longest)
            {
                fits = kept.Length;
            }
        }
        return kept.ToString();
    }
}
