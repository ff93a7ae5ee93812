using Reminders.Doctor;
using Reminders.Words;

namespace Reminders.Telegram;

/// <summary>
/// Whether Telegram takes the bot's token, and whether updates go where this installation takes them. Asked anew each time: what nodes
/// wrote down is a finding of its own.
/// </summary>
internal sealed class TelegramCheck(TelegramBot bot) : IProviderCheck
{
    /// <summary>Stands for the token in a process that has none, and sends nothing.</summary>
    public const string NoToken = "0:unused";

    private const string Webhook = "webhook";

    public string Provider => bot.Channel;

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        if (bot.Options.BotToken == NoToken)
        {
            return [];
        }

        var me = await bot.Client.GetMeAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (me is not TelegramResult<BotUser>.Ok { Value: var known })
        {
            return [Wrong(me)];
        }

        var info = await bot.Client.GetWebhookInfoAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return
        [
            Finding.Good(
                "token_invalid",
                "provider",
                new("found.token_known", bot.Channel, OutsideText.Clean(known.Username, OutsideText.Id))
            ),
            info is TelegramResult<WebhookInfo>.Ok { Value.Url: var url } ? Judge(url) : Wrong(info),
        ];
    }

    private Finding Judge(string url) =>
        bot.Options.Mode switch
        {
            TelegramMode.Polling when url.Length > 0 => Finding.Bad(
                "webhook_while_polling",
                Webhook,
                new("found.hook_while_polling", HostOf(url), bot.Setting("Mode")),
                new("fix.hook_deleted")
            ),
            TelegramMode.Polling => Finding.Good("webhook_while_polling", Webhook, new("found.hook_none", bot.Channel)),
            _ when url == bot.Options.WebhookUrl?.ToString() => Finding.Good(
                "webhook_foreign",
                Webhook,
                new("found.hook_ours", bot.Channel, bot.Setting("WebhookUrl"))
            ),
            _ => Finding.Bad(
                "webhook_foreign",
                Webhook,
                url.Length == 0
                    ? new("found.hook_lost", bot.Channel, bot.Setting("Mode"))
                    : new("found.hook_foreign", bot.Channel, HostOf(url), bot.Setting("WebhookUrl")),
                new(new Sentence("fix.hook_registered", bot.Setting("WebhookCheckInterval")))
            ),
        };

    // A malformed token is 404 to Telegram's front end, a wrong or revoked one 401.
    private Finding Wrong<T>(TelegramResult<T> result) =>
        result switch
        {
            TelegramResult<T>.Error { Code: 401 or 404 } error => ProbeCheck.Refused(bot.Channel, $"{error.Code} {error.Description}"),
            TelegramResult<T>.Error error => ProbeCheck.Silent(bot.Channel, $"{error.Code} {error.Description}"),
            TelegramResult<T>.NotSent notSent => ProbeCheck.Silent(bot.Channel, notSent.Detail),
            TelegramResult<T>.Unknown unknown => ProbeCheck.Silent(bot.Channel, unknown.Detail),
            var other => throw new InvalidOperationException($"No such result: {other.GetType().Name}."),
        };

    private static object HostOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
            ? OutsideText.Clean(address.Host, OutsideText.Id)
            : new Sentence("found.another_address");
}
