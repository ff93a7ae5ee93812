using Reminders.Doctor;

namespace Reminders.Telegram;

/// <summary>
/// Whether Telegram takes the bot's token, and whether updates go where this installation takes them. Asked anew each time: what nodes
/// wrote down is a finding of its own.
/// </summary>
internal sealed class TelegramCheck(TelegramClient telegram, TelegramOptions options) : IProviderCheck
{
    /// <summary>Stands for the token in a process that has none, and sends nothing.</summary>
    public const string NoToken = "0:unused";

    private const string Webhook = "webhook";

    public string Provider => TelegramChannel.Name;

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        if (options.BotToken == NoToken)
        {
            return [];
        }

        var me = await telegram.GetMeAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (me is not TelegramResult<BotUser>.Ok { Value: var bot })
        {
            return [Wrong(me)];
        }

        var info = await telegram.GetWebhookInfoAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return
        [
            Finding.Good(
                "token_invalid",
                "provider",
                $"telegram knows the token: it is @{OutsideText.Clean(bot.Username, OutsideText.Id)}'s."
            ),
            info is TelegramResult<WebhookInfo>.Ok { Value.Url: var url } ? Judge(url) : Wrong(info),
        ];
    }

    private Finding Judge(string url) =>
        options.Mode switch
        {
            TelegramMode.Polling when url.Length > 0 => Finding.Bad(
                "webhook_while_polling",
                Webhook,
                $"a webhook at {HostOf(url)} is set while Telegram:Mode is Polling: nothing can be polled while it stands.",
                new("A node that begins to poll deletes it. If it comes back, another program has this token: revoke it at @BotFather.")
            ),
            TelegramMode.Polling => Finding.Good("webhook_while_polling", Webhook, "none is set at telegram, and updates are polled."),
            _ when url == options.WebhookUrl?.ToString() => Finding.Good(
                "webhook_foreign",
                Webhook,
                "telegram posts to Telegram:WebhookUrl."
            ),
            _ => Finding.Bad(
                "webhook_foreign",
                Webhook,
                url.Length == 0
                    ? "none is set at telegram while Telegram:Mode is Webhook: no answer gets here."
                    : $"telegram posts to {HostOf(url)} and not to Telegram:WebhookUrl: no answer gets here.",
                new("A node registers ours within Telegram:WebhookCheckInterval. If it changes again, another program has this token.")
            ),
        };

    // A malformed token is 404 to Telegram's front end, a wrong or revoked one 401.
    private static Finding Wrong<T>(TelegramResult<T> result) =>
        result switch
        {
            TelegramResult<T>.Error { Code: 401 or 404 } error => ProbeCheck.Refused(
                TelegramChannel.Name,
                $"{error.Code} {error.Description}"
            ),
            TelegramResult<T>.Error error => ProbeCheck.Silent(TelegramChannel.Name, $"{error.Code} {error.Description}"),
            TelegramResult<T>.NotSent notSent => ProbeCheck.Silent(TelegramChannel.Name, notSent.Detail),
            TelegramResult<T>.Unknown unknown => ProbeCheck.Silent(TelegramChannel.Name, unknown.Detail),
            var other => throw new InvalidOperationException($"No such result: {other.GetType().Name}."),
        };

    private static string HostOf(string url) =>
        OutsideText.Clean(Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Host : "another address", OutsideText.Id);
}
