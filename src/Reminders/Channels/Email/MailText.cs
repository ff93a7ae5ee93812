using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reminders.Channels.Email;

/// <summary>
/// Writes a delivery as an Internet message (RFC 5322, 2045–2049). By hand: MailMessage keeps its writer to itself, and
/// folds what it likes. Everything is 7-bit, so any server takes it: a part is plain ASCII, or base64.
/// </summary>
internal static class MailText
{
    // RFC 5322, 2.1.1, without the line end.
    private const int LongestLine = 998;

    /// <param name="messageId">With its angle brackets.</param>
    public static byte[] Compose(Delivery delivery, string to, EmailOptions options, string messageId, DateTimeOffset now)
    {
        var mail = new StringBuilder()
            .Append("Date: ").Append(now.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)).Append("\r\n")
            .Append("From: ").Append(options.FromName.Length == 0 ? options.From : $"{HeaderText.Phrase(options.FromName)}\r\n <{options.From}>").Append("\r\n")
            .Append("To: ").Append(to).Append("\r\n")
            .Append("Subject: ").Append(HeaderText.Unstructured(delivery.Subject ?? FirstLine(delivery.Text))).Append("\r\n")
            .Append("Message-ID: ").Append(messageId).Append("\r\n")
            // RFC 3834: nobody's holiday notice should answer a machine.
            .Append("Auto-Submitted: auto-generated\r\n");
        if (delivery.Unsubscribe is { } unsubscribe)
        {
            mail.Append("List-Unsubscribe:\r\n <").Append(unsubscribe.AbsoluteUri).Append(">\r\n");
            // RFC 8058: the reader's program may POST this by itself. A mailto: cannot be posted to.
            if (unsubscribe.Scheme is "https" or "http")
            {
                mail.Append("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
            }
        }
        mail.Append("MIME-Version: 1.0\r\n");
        if (delivery.Html is null)
        {
            Part(mail, "plain", delivery.Text);
        }
        else
        {
            // A text cannot hold its own hash, so it cannot hold the line that ends it.
            var boundary = $"=_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{delivery.Text}\0{delivery.Html}")), 0, 12)}";
            mail.Append("Content-Type: multipart/alternative; boundary=\"").Append(boundary).Append("\"\r\n\r\n");
            mail.Append("--").Append(boundary).Append("\r\n");
            Part(mail, "plain", delivery.Text);
            mail.Append("--").Append(boundary).Append("\r\n");
            Part(mail, "html", delivery.Html);
            mail.Append("--").Append(boundary).Append("--\r\n");
        }
        return Encoding.ASCII.GetBytes(mail.ToString());
    }

    /// <summary>A URL cannot be folded, and is the only thing here of a length that others choose.</summary>
    public static bool Fits(Uri unsubscribe) => unsubscribe.AbsoluteUri.Length <= LongestLine - 3;

    private static void Part(StringBuilder mail, string subtype, string content)
    {
        var lines = content.ReplaceLineEndings("\n").Split('\n');
        var plain = lines.All(line => line.Length <= LongestLine && line.All(letter => letter is '\t' or (>= ' ' and <= '~')));
        mail.Append("Content-Type: text/").Append(subtype).Append("; charset=utf-8\r\n")
            .Append("Content-Transfer-Encoding: ").Append(plain ? "7bit" : "base64").Append("\r\n\r\n");
        var text = string.Join("\r\n", lines);
        mail.Append(plain ? text : Convert.ToBase64String(Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");
    }

    private static string FirstLine(string text)
    {
        const int Longest = 70;
        var line = text.AsSpan().TrimStart();
        var end = line.IndexOfAny('\r', '\n');
        if (end >= 0)
        {
            line = line[..end];
        }
        if (line.Length <= Longest)
        {
            return line.ToString();
        }
        var cut = line[..Longest].LastIndexOf(' ');
        return $"{(cut > 0 ? line[..cut] : line[..Longest])}…";
    }
}
