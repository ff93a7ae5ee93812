using System.Text;
using MimeKit;

namespace Reminders.Email;

/// <summary>A message in its envelope, ready for any server.</summary>
/// <param name="MessageId">With its angle brackets.</param>
/// <param name="International">Whether an address in it is in UTF-8 (SMTPUTF8).</param>
internal sealed record SmtpMail(
    MimeMessage Message,
    RenderedBody Body,
    MailboxAddress From,
    MailboxAddress To,
    string MessageId,
    bool International
)
{
    public FormatOptions Format => International ? MailText.Utf8 : MailText.SevenBit;

    /// <summary>In bytes, dots not stuffed.</summary>
    public long Size { get; private init; }

    public SmtpMail Measured()
    {
        using var measure = new MimeKit.IO.MeasuringStream();
        Message.WriteTo(Format, measure);
        return this with { Size = measure.Length };
    }
}

/// <summary>Writes a delivery as an Internet message. Bodies are 7-bit, so any server takes them: a part is plain ASCII, or
/// base64.</summary>
internal static class MailText
{
    // RFC 5322, 2.1.1, without the line end.
    private const int LongestLine = 998;

    public static FormatOptions SevenBit { get; } = Format(international: false);

    public static FormatOptions Utf8 { get; } = Format(international: true);

    /// <param name="messageId">With its angle brackets.</param>
    /// <param name="stamp">Signs it; null where nothing does.</param>
    public static SmtpMail Compose(
        Delivery delivery,
        MailboxAddress to,
        EmailOptions options,
        string messageId,
        DateTimeOffset now,
        DkimStamp? stamp = null
    )
    {
        var international = MailAddresses.NeedsUtf8(to);
        var body = new RenderedBody(Content(delivery), SevenBit);
        var message = new MimeMessage { Body = body };
        message.Headers.Clear();
        message.Date = now.ToUniversalTime();
        Add("From", options.FromName.Length == 0 ? options.From : $"{HeaderText.Phrase(options.FromName)}\r\n <{options.From}>");
        message.To.Add(to);
        Add("Subject", HeaderText.Unstructured(delivery.Subject ?? FirstLine(delivery.Text)));
        Add("Message-ID", messageId);
        // RFC 3834: nobody's holiday notice should answer a machine.
        Add("Auto-Submitted", "auto-generated");
        if (delivery.Unsubscribe is { } unsubscribe)
        {
            Add("List-Unsubscribe", $"\r\n <{Link(unsubscribe)}>");
            // RFC 8058: the reader's program may POST this by itself. A mailto: cannot be posted to.
            if (unsubscribe.Scheme is "https" or "http")
            {
                Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
            }
        }
        message.MimeVersion = new Version(1, 0);
        stamp?.Sign(international ? Utf8 : SevenBit, message);
        return new SmtpMail(message, body, new MailboxAddress(null, options.From), to, messageId, international).Measured();

        // As it stands: MimeKit would encode and fold it once more.
        void Add(string name, string value)
        {
            var header = new Header(name, "");
            header.SetRawValue(Encoding.ASCII.GetBytes($" {value}\r\n"));
            message.Headers.Add(header);
        }
    }

    /// <summary>A URL cannot be folded, and is the only thing here of a length that others choose.</summary>
    public static bool Fits(Uri unsubscribe) => Link(unsubscribe).Length <= LongestLine - 3;

    private static string Link(Uri url) =>
        Ascii.IsValid(url.AbsoluteUri)
            ? url.AbsoluteUri
            : new UriBuilder(url) { Host = url.IdnHost }
                .Uri
                .AbsoluteUri;

    private static MimeEntity Content(Delivery delivery) =>
        delivery.Html is null
            ? Part("plain", delivery.Text)
            : new MultipartAlternative { Part("plain", delivery.Text), Part("html", delivery.Html) };

    private static TextPart Part(string subtype, string content)
    {
        var lines = content.ReplaceLineEndings("\n").Split('\n');
        var plain = lines.All(line => line.Length <= LongestLine && line.All(letter => letter is '\t' or (>= ' ' and <= '~')));
        var part = new TextPart(subtype) { ContentTransferEncoding = plain ? ContentEncoding.SevenBit : ContentEncoding.Base64 };
        part.SetText(Encoding.UTF8, string.Join("\r\n", lines));
        return part;
    }

    private static FormatOptions Format(bool international)
    {
        var format = FormatOptions.Default.Clone();
        (format.NewLineFormat, format.EnsureNewLine, format.International) = (NewLineFormat.Dos, true, international);
        format.MaxLineLength = 76; // of a line with an encoded word (RFC 2047, 2)
        return format;
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
