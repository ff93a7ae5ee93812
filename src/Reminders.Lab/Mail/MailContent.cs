using System.Text;
using MimeKit;

namespace Reminders.Lab.Mail;

/// <summary>The text of a mail, up to its final dot.</summary>
/// <param name="Raw">One char per byte, dots unstuffed, CRLF at the end of each line.</param>
internal sealed record MailContent(string Raw, bool BareNewline, int LongestLine)
{
    /// <summary>As MimeKit reads it; null when it is no message.</summary>
    public MimeMessage? Message { get; } = Read(Raw);

    /// <param name="spoilAsync">Called after the first line; true when it has answered and nothing more is to be read.</param>
    /// <returns>Null when the client hung up before the dot.</returns>
    public static async Task<MailContent?> ReadAsync(MailLine line, Func<Task<bool>> spoilAsync, CancellationToken closing)
    {
        var text = new StringBuilder();
        var (bare, longest, first) = (false, 0, true);
        while (await line.ReadAsync(closing).ConfigureAwait(false) is { } next)
        {
            if (next is { Text: ".", Bare: false })
            {
                return new MailContent(text.ToString(), bare, longest);
            }

            if (first && await spoilAsync().ConfigureAwait(false))
            {
                return null;
            }

            first = false;
            bare |= next.Bare;
            longest = Math.Max(longest, next.Text.Length);
            text.Append(next.Text.StartsWith('.') ? next.Text.AsSpan(1) : next.Text).Append("\r\n");
        }

        return null;
    }

    /// <summary>What a strict server has against it; null when nothing.</summary>
    public string? Problem(bool eightBit, bool utf8, int maxSize)
    {
        var end = Raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var (head, body) = end < 0 ? (Raw, "") : (Raw[..end], Raw[end..]);
        return BareNewline ? "550 5.6.0 a line feed without its carriage return"
            : LongestLine > 998 ? "550 5.6.0 a line of more than 998 bytes"
            : Raw.Length > maxSize ? $"552 5.3.4 more than {maxSize} bytes"
            : !eightBit && !Ascii.IsValid(body) ? "554 5.6.1 8-bit text that MAIL did not announce"
            : !utf8 && !Ascii.IsValid(head) ? "554 5.6.1 8-bit headers that MAIL did not announce"
            : Message is null ? "550 5.6.0 no message"
            : new[] { "Date", "From" }.FirstOrDefault(name =>
                Message.Headers.Count(header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase)) != 1
            )
                is { } wrong
                ? $"550 5.6.0 not one {wrong} header"
            : null;
    }

    private static MimeMessage? Read(string raw)
    {
        try
        {
            return MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(raw)));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
