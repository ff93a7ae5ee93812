using System.Globalization;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Reminders.Email;

/// <summary>AUTH (RFC 4954), once, by the one mechanism that is set and offered: a refused password is not tried another way.</summary>
internal static class SmtpLogin
{
    private const string TooWeak = "534";

    /// <returns>Null when the server let us in.</returns>
    public static async Task<SendResult?> LogInAsync(SmtpClient client, EmailOptions options, CancellationToken cancellationToken)
    {
        var allowed = Names(options.Auth);
        if (
            allowed.FirstOrDefault(name => client.AuthenticationMechanisms.Contains(name, StringComparer.OrdinalIgnoreCase))
            is not { } chosen
        )
        {
            return new SendResult.ChannelBroken(
                client.AuthenticationMechanisms.Count == 0
                    ? "the server offers no AUTH while Email:User is set"
                    : $"the server offers AUTH {string.Join(' ', client.AuthenticationMechanisms)}; Email:Auth allows "
                        + $"{string.Join(" and ", allowed)}"
            );
        }
        try
        {
            await client.AuthenticateAsync(await MechanismAsync(chosen, options, cancellationToken), cancellationToken);
            return null;
        }
        catch (TokenException e)
        {
            return new SendResult.ChannelBroken(e.Message);
        }
        catch (AuthenticationException e)
        {
            // MailKit writes "535: text", and the text alone of a 534.
            var parts = e.Message.Split(": ", 2);
            return
                parts.Length == 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                && parts[0].Length == TooWeak.Length
                ? SmtpOutcome.Refused(SmtpPhase.Login, code, parts[1])
                : SmtpOutcome.Refused(SmtpPhase.Login, int.Parse(TooWeak, CultureInfo.InvariantCulture), e.Message);
        }
    }

    private static string[] Names(EmailAuth? auth) =>
        auth switch
        {
            EmailAuth.Plain => ["PLAIN"],
            EmailAuth.Login => ["LOGIN"],
            EmailAuth.Scram => ["SCRAM-SHA-512", "SCRAM-SHA-256"],
            EmailAuth.XOAuth2 => ["XOAUTH2"],
            _ => ["PLAIN", "LOGIN"],
        };

    private static async Task<SaslMechanism> MechanismAsync(string name, EmailOptions options, CancellationToken cancellationToken) =>
        name switch
        {
            "PLAIN" => new SaslMechanismPlain(Encoding.UTF8, options.User, options.Password),
            "LOGIN" => new SaslMechanismLogin(Encoding.UTF8, options.User, options.Password),
            "SCRAM-SHA-512" => new SaslMechanismScramSha512(options.User, options.Password),
            "SCRAM-SHA-256" => new SaslMechanismScramSha256(options.User, options.Password),
            _ => new SaslMechanismOAuth2(options.User, await TokenAsync(options, cancellationToken)),
        };

    // Read at each login: a token lives for an hour, and whatever renews it writes the file anew.
    private static async Task<string> TokenAsync(EmailOptions options, CancellationToken cancellationToken)
    {
        if (options.TokenFile.Length == 0)
        {
            return options.Token;
        }
        try
        {
            var token = (await File.ReadAllTextAsync(options.TokenFile, cancellationToken)).Trim();
            return token.Length > 0 ? token : throw new TokenException($"Email:TokenFile is '{options.TokenFile}'; it is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenException($"Email:TokenFile is '{options.TokenFile}'; it cannot be read: {e.Message}");
        }
    }

    private sealed class TokenException(string message) : Exception(message);
}
