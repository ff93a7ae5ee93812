using System.Globalization;

namespace Reminders.Channels.Email;

/// <summary>What a server says it can do, in its answer to EHLO.</summary>
/// <param name="Size">The longest message it takes, in bytes; null when it does not say.</param>
/// <param name="DeclaresSize">Whether MAIL may carry the message's size.</param>
internal sealed record SmtpFeatures(bool StartTls, bool Pipelining, bool DeclaresSize, long? Size, IReadOnlyList<string> Logins)
{
    public static SmtpFeatures Read(SmtpReply hello)
    {
        var words = hello.Lines.Skip(1).Select(line => line.Trim().Split([' ', '='], StringSplitOptions.RemoveEmptyEntries)).Where(line => line.Length > 0)
            .ToLookup(line => line[0], line => line[1..], StringComparer.OrdinalIgnoreCase);
        var size = words["SIZE"].FirstOrDefault();
        return new(
            words.Contains("STARTTLS"), words.Contains("PIPELINING"), size is not null,
            size is [var text, ..] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0 ? most : null,
            [.. words["AUTH"].SelectMany(names => names).Select(name => name.ToUpperInvariant())]);
    }
}
