using System.Text.RegularExpressions;

namespace Reminders.WhatsApp;

/// <summary>The settings of the WhatsApp channel, section <c>WhatsApp</c>. Without a <see cref="PhoneNumberId"/> there is no such
/// channel.</summary>
public sealed partial class WhatsAppOptions
{
    // Below that, who posts answers in another's name only has to try.
    private const int ShortestSecret = 16;

    /// <summary>
    /// Where the Graph API is, its version included. Another value is the sandbox. An absolute http or https URL.
    /// Default: <c>https://graph.facebook.com/v23.0</c>.
    /// </summary>
    public Uri BaseUrl { get; set; } = new("https://graph.facebook.com/v23.0");

    /// <summary>
    /// The id, not the number, of the business phone number that messages come from. Digits. Default: null, which leaves
    /// WhatsApp out.
    /// </summary>
    public string? PhoneNumberId { get; set; }

    /// <summary>
    /// A system user's token that may send messages. A secret: it never appears in logs, errors or traces. Required with
    /// <see cref="PhoneNumberId"/>.
    /// </summary>
    public string? AccessToken { get; set; }

    /// <summary>
    /// The app's secret (16 characters or more), with which Meta signs what it posts to the webhook. Required with
    /// <see cref="PhoneNumberId"/>: a
    /// message in doubt is settled, and a failed one heard of, only through the webhook.
    /// </summary>
    public string? AppSecret { get; set; }

    /// <summary>
    /// The word of your own that Meta repeats when it verifies the webhook: 16 random characters or more. Required with
    /// <see cref="PhoneNumberId"/>.
    /// </summary>
    public string? VerifyToken { get; set; }

    /// <summary>
    /// How long one call may take, connecting and reading the reply included. What was already on its way by then is
    /// <em>uncertain</em>, so rather too long than too short. Above 0, at most 5 minutes, less than <c>Outbox:SendLease</c>.
    /// Default: 15 seconds.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether the channel is there at all.</summary>
    public bool IsOn => !string.IsNullOrEmpty(PhoneNumberId);

    /// <summary>What is wrong with these settings, one line each; empty when nothing is. Secrets are described, never quoted.</summary>
    public IEnumerable<string> Validate()
    {
        if (!IsOn)
        {
            foreach (var name in Secrets().Where(secret => !string.IsNullOrEmpty(secret.Value)).Select(secret => secret.Name))
            {
                yield return $"WhatsApp:PhoneNumberId is missing while WhatsApp:{name} is set; it should be "
                    + "the phone "
                    + "number's id from Meta's app dashboard.";
            }
            yield break;
        }
        if (BaseUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" })
        {
            yield return $"WhatsApp:BaseUrl is '{SafeUrl.Of(BaseUrl)}'; it should be an absolute http or https "
                + "URL without "
                + "user, query or fragment, such as https://graph.facebook.com/v23.0.";
        }
        if (!Digits().IsMatch(PhoneNumberId!))
        {
            yield return $"WhatsApp:PhoneNumberId is '{PhoneNumberId}'; it should be 1 to 30 digits, the phone "
                + "number's id "
                + "from Meta's app dashboard.";
        }
        foreach ((var name, var value, var what) in Secrets())
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return $"WhatsApp:{name} is missing while WhatsApp:PhoneNumberId is set; it should be {what}.";
            }
            else if (value.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                yield return $"WhatsApp:{name} has {value.Length} characters with spaces or others beyond ASCII "
                    + "among them; "
                    + $"it should be {what}.";
            }
            else if (value.Length < ShortestSecret && name != nameof(AccessToken))
            {
                yield return $"WhatsApp:{name} has {value.Length} characters, which can be guessed; it should be "
                    + $"{what}, of "
                    + $"at least {ShortestSecret}.";
            }
        }
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5))
        {
            yield return $"WhatsApp:Timeout is {Timeout}; it should be above 00:00:00 and at most 00:05:00.";
        }
    }

    private (string Name, string? Value, string What)[] Secrets() =>
        [
            (nameof(AccessToken), AccessToken, "a system user's access token"),
            (nameof(AppSecret), AppSecret, "the app's secret from Meta's app dashboard, or anyone could post answers"),
            (nameof(VerifyToken), VerifyToken, "a word of your own, the same as in the webhook's settings at Meta"),
        ];

    [GeneratedRegex(@"\A[0-9]{1,30}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
