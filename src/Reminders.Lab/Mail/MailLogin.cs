using System.Text;

namespace Reminders.Lab.Mail;

/// <summary>AUTH PLAIN, LOGIN, SCRAM-SHA-256 and XOAUTH2, with the first answer in the command or asked for.</summary>
internal static class MailLogin
{
    public static async Task<bool> IsRightAsync(string arguments, MailSinkOptions options, Func<string, Task<string>> askAsync)
    {
        var words = arguments.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        var way = words is [var name, ..]
            ? options.Logins.FirstOrDefault(offered => offered.Equals(name, StringComparison.OrdinalIgnoreCase))
            : null;
        if (way is null)
        {
            return false;
        }

        try
        {
            var first = words.Length > 1 ? words[1] : await askAsync(way == "LOGIN" ? Encoded("Username:") : "").ConfigureAwait(false);
            return way switch
            {
                "PLAIN" => Decoded(first).Split('\0') is [_, var user, var password]
                    && (user, password) == (options.User, options.Password),
                "LOGIN" => (Decoded(first), Decoded(await askAsync(Encoded("Password:")).ConfigureAwait(false)))
                    == (options.User, options.Password),
                "SCRAM-SHA-256" => await ScramAsync(Decoded(first), options, askAsync).ConfigureAwait(false),
                "XOAUTH2" => await TokenAsync(Decoded(first), options, askAsync).ConfigureAwait(false),
                _ => false,
            };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static async Task<bool> ScramAsync(string first, MailSinkOptions options, Func<string, Task<string>> askAsync)
    {
        if (
            ScramExchange.Begin(first, options.User!, options.Password) is not { } scram
            || scram.Judge(Decoded(await askAsync(Encoded(scram.Challenge)).ConfigureAwait(false))) is not { } proof
        )
        {
            return false;
        }

        await askAsync(Encoded(proof)).ConfigureAwait(false);
        return true;
    }

    /// <summary>As Gmail: a wrong token gets its reason as a challenge, and 535 only after an empty answer to it.</summary>
    private static async Task<bool> TokenAsync(string first, MailSinkOptions options, Func<string, Task<string>> askAsync)
    {
        if (first == $"user={options.User}\x01" + $"auth=Bearer {options.Password}\x01\x01")
        {
            return true;
        }

        await askAsync(Encoded("""{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}""")).ConfigureAwait(false);
        return false;
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decoded(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
