using System.Text;

namespace Reminders.Channels.Email;

/// <summary>AUTH (RFC 4954) by PLAIN, or by LOGIN where a server knows nothing else.</summary>
internal static class SmtpLogin
{
    /// <returns>Null when the server let us in.</returns>
    public static async Task<SendResult?> LogInAsync(
        SmtpWire wire, SmtpFeatures features, EmailOptions options, CancellationToken cancellationToken)
    {
        string[] words;
        if (features.Logins.Contains("PLAIN"))
        {
            words = [$"AUTH PLAIN {Base64($"\0{options.User}\0{options.Password}")}"];
        }
        else if (features.Logins.Contains("LOGIN"))
        {
            words = ["AUTH LOGIN", Base64(options.User), Base64(options.Password)];
        }
        else
        {
            return new SendResult.ChannelBroken(features.Logins.Count == 0
                ? "the server offers no AUTH while Email:User is set"
                : $"the server offers AUTH {string.Join(' ', features.Logins)}; known here are PLAIN and LOGIN");
        }
        for (var i = 0; i < words.Length; i++)
        {
            await wire.WriteAsync($"{words[i]}\r\n", cancellationToken);
            var reply = await wire.ReadReplyAsync(cancellationToken);
            var last = i == words.Length - 1;
            if (last ? !reply.IsPositive : reply.Code != 334)
            {
                return SmtpOutcome.Refused(SmtpPhase.Login, reply);
            }
        }
        return null;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
