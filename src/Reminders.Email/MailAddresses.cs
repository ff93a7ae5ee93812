using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace Reminders.Email;

/// <summary>
/// Which addresses are taken. What passes can neither end an SMTP command nor begin a second header or recipient: there is no
/// room in it for a line end, a space, a quote, a comma or an angle bracket.
/// </summary>
internal static partial class MailAddresses
{
    private const int LongestLocal = 64;
    private const int Longest = 254;

    /// <summary>The address as MimeKit has it; null when it is none.</summary>
    public static MailboxAddress? Read(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 0 || DomainInAscii(address[(at + 1)..]) is not { } domain)
        {
            return null;
        }
        var local = address[..at];
        if (!IsPlain($"a@{domain}"))
        {
            return null;
        }
        if (IsPlain($"{local}@{domain}"))
        {
            // Some providers gave out a..b@; quoted, it is the same mailbox to everybody (RFC 5321, 4.1.2).
            return new MailboxAddress(
                null,
                local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)
                    ? $"\"{local}\"@{domain}"
                    : $"{local}@{domain}"
            );
        }
        return
            !Ascii.IsValid(local)
            && International().IsMatch(local)
            && local.IsNormalized(NormalizationForm.FormC)
            && Encoding.UTF8.GetByteCount(local) is var bytes and <= LongestLocal
            && bytes + 1 + domain.Length <= Longest
            ? new MailboxAddress(null, $"{local}@{domain}")
            : null;
    }

    /// <summary>Whether it needs a server that takes UTF-8 in addresses. A domain alone does not.</summary>
    public static bool NeedsUtf8(MailboxAddress address) => !Ascii.IsValid(address.LocalPart);

    /// <summary>RFC 5321's lengths, and a dot-atom but for where its dots stand.</summary>
    public static bool IsPlain(string address) => address.Length <= Longest && Plain().IsMatch(address);

    private static string? DomainInAscii(string domain)
    {
        if (Ascii.IsValid(domain))
        {
            return domain;
        }
        try
        {
            return new IdnMapping { UseStd3AsciiRules = true }.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        @"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Plain();

    // RFC 6531's atoms, but of what other people write by: letters, their marks, digits.
    [GeneratedRegex(
        @"\A[\p{L}\p{M}\p{Nd}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{Nd}!#$%&'*+/=?^_`{|}~-]+)*\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex International();
}
