using System.Text.RegularExpressions;

namespace Reminders.Telegram;

/// <summary>How presses and messages come in.</summary>
public enum TelegramMode
{
    /// <summary>One node of the cluster asks with getUpdates. Needs no public address.</summary>
    Polling = 0,

    /// <summary>Telegram posts to <see cref="TelegramOptions.WebhookUrl"/>. Every node can take it.</summary>
    Webhook = 1,
}

/// <summary>The settings of the Telegram channel, section <c>Telegram</c>.</summary>
public sealed partial class TelegramOptions
{
    /// <summary>
    /// Where the Bot API is, up to and without <c>bot&lt;token&gt;</c>. Another value is a Bot API server of your own or the
    /// sandbox. An absolute http or https URL. Default: <c>https://api.telegram.org/</c>.
    /// </summary>
    public Uri ApiBaseUrl { get; set; } = new("https://api.telegram.org/");

    /// <summary>
    /// The bot's token as @BotFather gives it, <c>123456789:AA…</c>. A secret: it never appears in logs, errors or traces.
    /// Required, no default.
    /// </summary>
    public string BotToken { get; set; } = "";

    /// <summary>How updates come in. Default: <see cref="TelegramMode.Polling"/>.</summary>
    public TelegramMode Mode { get; set; } = TelegramMode.Polling;

    /// <summary>
    /// What Telegram repeats in <c>X-Telegram-Bot-Api-Secret-Token</c>, so that nobody else can post updates. 16–256 characters
    /// of <c>A-Z a-z 0-9 _ -</c>. Required in <see cref="TelegramMode.Webhook"/> mode, unused otherwise. Default: null.
    /// </summary>
    public string? WebhookSecret { get; set; }

    /// <summary>
    /// The public address of this service's Telegram webhook. Telegram's own API wants https on port 443, 80, 88 or 8443; a Bot
    /// API server of your own takes any. Required in <see cref="TelegramMode.Webhook"/> mode, unused otherwise. Default: null.
    /// </summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>
    /// How often one node of the cluster asks Telegram how the webhook fares (getWebhookInfo), and registers it again where it
    /// is not ours any more. 1 second to 10 minutes. Default: 15 seconds. Unused in <see cref="TelegramMode.Polling"/>.
    /// </summary>
    public TimeSpan WebhookCheckInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long one call may take, connecting and reading the reply included. What was already on its way by then is
    /// <em>uncertain</em>, so rather too long than too short. Above 0, at most 5 minutes. Default: 15 seconds.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long Telegram may hold a getUpdates call open while there is nothing new. Whole seconds, 0 to 50;
    /// 0 answers at once (short polling, for tests). Default: 25 seconds.
    /// </summary>
    public TimeSpan PollTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>What is wrong with these settings, one line each; empty when nothing is. Secrets are described, never quoted.</summary>
    public IEnumerable<string> Validate()
    {
        if (ApiBaseUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" })
        {
            yield return $"Telegram:ApiBaseUrl is '{SafeUrl.Of(ApiBaseUrl)}'; it should be an absolute http or https URL "
                + "without user, query or fragment, such as https://api.telegram.org/.";
        }
        if (!TokenForm().IsMatch(BotToken ?? ""))
        {
            var found = string.IsNullOrEmpty(BotToken) ? "is empty" : $"has {BotToken.Length} characters that are not a token";
            yield return $"Telegram:BotToken {found}; it should be what @BotFather gave you: digits, a colon, then letters, "
                + "digits, _ or -.";
        }
        if (!Enum.IsDefined(Mode))
        {
            yield return $"Telegram:Mode is '{Mode}'; it should be Polling or Webhook.";
        }
        if (SendTimeout <= TimeSpan.Zero || SendTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"Telegram:SendTimeout is {SendTimeout}; it should be above 00:00:00 and at most 00:05:00.";
        }
        if (WebhookCheckInterval < TimeSpan.FromSeconds(1) || WebhookCheckInterval > TimeSpan.FromMinutes(10))
        {
            yield return $"Telegram:WebhookCheckInterval is {WebhookCheckInterval}; it should be 00:00:01 to 00:10:00.";
        }
        if (PollTimeout < TimeSpan.Zero || PollTimeout > TimeSpan.FromSeconds(50) || PollTimeout.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            yield return $"Telegram:PollTimeout is {PollTimeout}; it should be whole seconds from 00:00:00 to 00:00:50.";
        }
        if (WebhookSecret is { } secret && !SecretForm().IsMatch(secret))
        {
            yield return $"Telegram:WebhookSecret has {secret.Length} characters; it should be 16 to 256 random letters, "
                + "digits, _ or -: shorter ones can be guessed, others Telegram refuses.";
        }
        if (Mode != TelegramMode.Webhook)
        {
            yield break;
        }
        if (WebhookSecret is null)
        {
            yield return "Telegram:WebhookSecret is missing while Telegram:Mode is Webhook; it should be 16 to 256 random "
                + "letters, digits, _ or -, or anyone could post presses.";
        }
        if (!IsTakenAsWebhook(WebhookUrl))
        {
            yield return $"Telegram:WebhookUrl is '{SafeUrl.Of(WebhookUrl)}' while Telegram:Mode is Webhook; it should be an "
                + "https URL on port 443, 80, 88 or 8443 (with a Bot API server of your own in Telegram:ApiBaseUrl: any http "
                + "or https URL).";
        }
    }

    private bool IsTakenAsWebhook(Uri? url) =>
        url is { IsAbsoluteUri: true }
        && (
            ApiBaseUrl is { IsAbsoluteUri: true, Host: "api.telegram.org" }
                ? url is { Scheme: "https", Port: 443 or 80 or 88 or 8443 }
                : url.Scheme is "http" or "https"
        );

    [GeneratedRegex(@"\A[0-9]{1,20}:[A-Za-z0-9_-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TokenForm();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{16,256}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecretForm();
}
