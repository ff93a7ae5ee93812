using System.Globalization;
using System.Text;

namespace Reminders.Lab.Mail;

/// <summary>The argument of MAIL or RCPT: an address in angle brackets, and parameters.</summary>
internal sealed record MailPath(string Address, IReadOnlyDictionary<string, string> Parameters)
{
    /// <param name="word"><c>FROM:</c> or <c>TO:</c>.</param>
    public static MailPath? Read(string arguments, string word)
    {
        var end = arguments.IndexOf('>', StringComparison.Ordinal);
        if (!arguments.StartsWith($"{word}<", StringComparison.OrdinalIgnoreCase) || end < 0)
        {
            return null;
        }

        // It came as one char per byte.
        var address = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(arguments[(word.Length + 1)..end]));
        if (
            address.Any(letter => letter is <= ' ' or '\x7f' or '<' or '\ufffd')
            || (address.Length > 0 && !address.Contains('@', StringComparison.Ordinal))
        )
        {
            return null;
        }

        var parameters = arguments[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('=', 2));
        return new MailPath(address, parameters.ToDictionary(pair => pair[0].ToUpperInvariant(), pair => pair.Length > 1 ? pair[1] : ""));
    }

    public bool IsInternational => !Ascii.IsValid(Address);

    public long Number(string parameter) =>
        Parameters.TryGetValue(parameter, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
