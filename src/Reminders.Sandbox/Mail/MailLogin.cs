using System.Text;

namespace Reminders.Sandbox.Mail;

/// <summary>AUTH PLAIN and LOGIN, with the first answer in the command or asked for.</summary>
internal static class MailLogin
{
    /// <returns>What the client gave; null when it spoke neither.</returns>
    public static async Task<(string User, string Password)?> ReadAsync(
        string arguments, IReadOnlyList<string> offered, Func<string, Task<string>> askAsync)
    {
        var words = arguments.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !offered.Contains(words[0], StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            if (words[0].Equals("PLAIN", StringComparison.OrdinalIgnoreCase))
            {
                var parts = Decoded(words.Length > 1 ? words[1] : await askAsync("").ConfigureAwait(false)).Split('\0');
                return parts.Length == 3 ? (parts[1], parts[2]) : null;
            }

            var user = words.Length > 1 ? words[1] : await askAsync("VXNlcm5hbWU6").ConfigureAwait(false);
            return (Decoded(user), Decoded(await askAsync("UGFzc3dvcmQ6").ConfigureAwait(false)));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Decoded(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
