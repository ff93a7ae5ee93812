using System.Globalization;
using System.Text.RegularExpressions;

namespace Reminders.Channels.Email;

/// <summary>
/// Which addresses are taken. What passes can neither end an SMTP command nor begin a second header or recipient: there is no
/// room in it for a line end, a space, a quote, a comma or an angle bracket.
/// </summary>
internal static partial class MailAddresses
{
    /// <summary>The address as the wire carries it, its domain in ASCII; null when it is none.</summary>
    public static string? OnTheWire(string address)
    {
        if (IsPlain(address))
        {
            return address;
        }
        var at = address.LastIndexOf('@');
        if (at < 0)
        {
            return null;
        }
        try
        {
            var ascii = $"{address[..at]}@{new IdnMapping { UseStd3AsciiRules = true }.GetAscii(address[(at + 1)..])}";
            return IsPlain(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>RFC 5321's lengths, and a dot-atom but for where its dots stand: some providers gave out <c>a..b@</c>.</summary>
    public static bool IsPlain(string address) => address.Length <= 254 && Plain().IsMatch(address);

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
