using System.Globalization;
using Telegram.Bot.Requests;
using Telegram.Bot.Types.ReplyMarkups;

namespace Reminders.Telegram;

/// <summary>Delivers over the Bot API: sendMessage, or editMessageText for an edit.</summary>
internal sealed class TelegramSender(TelegramClient client, string channel = TelegramChannel.Name) : ISender, IChannelProbe
{
    public string Channel => channel;

    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (!TryId(delivery.Address, out var chat))
        {
            return new SendResult.Rejected($"the address '{delivery.Address}' is not a Telegram chat id, a whole number other than 0");
        }
        if (TelegramLimits.Problem(delivery) is { } problem)
        {
            return new SendResult.Rejected(problem);
        }
        var keyboard = Keyboard(delivery.Buttons);
        if (delivery.Operation == DeliveryOperation.Send)
        {
            return TelegramOutcome.Of(
                delivery,
                await client.SendMessageAsync(
                    new SendMessageRequest
                    {
                        ChatId = chat,
                        Text = delivery.Text,
                        ReplyMarkup = keyboard,
                    },
                    cancellationToken
                )
            );
        }
        if (!int.TryParse(delivery.ProviderMessageId, NumberStyles.None, CultureInfo.InvariantCulture, out var message) || message == 0)
        {
            return new SendResult.Rejected(
                $"the edit names the message '{delivery.ProviderMessageId}', which is not a Telegram message id"
            );
        }
        return TelegramOutcome.Of(
            delivery,
            await client.EditMessageTextAsync(
                new EditMessageTextRequest
                {
                    ChatId = chat,
                    MessageId = message,
                    Text = delivery.Text,
                    ReplyMarkup = keyboard,
                },
                cancellationToken
            )
        );
    }

    /// <summary>getMe: a whole answer of Telegram's own, and not a refusal that concerns every message.</summary>
    public async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken) =>
        await client.GetMeAsync(cancellationToken) switch
        {
            TelegramResult<BotUser>.Ok => ProbeResult.Well,
            TelegramResult<BotUser>.Error error => ProbeResult.Ill($"getMe: {error.Code} {error.Description}"),
            TelegramResult<BotUser>.NotSent notSent => ProbeResult.Ill($"getMe: {notSent.Detail}"),
            TelegramResult<BotUser>.Unknown unknown => ProbeResult.Ill($"getMe: {unknown.Detail}"),
            var other => throw new InvalidOperationException($"No such result: {other.GetType().Name}."),
        };

    // Null, not an empty keyboard: Telegram drops the old one when the field is absent. The button's data is set as such: the
    // library's constructor takes what looks like a URL for one.
    private static InlineKeyboardMarkup? Keyboard(IReadOnlyList<Button> buttons) =>
        buttons.Count == 0
            ? null
            : new([
                .. buttons.Select(button =>
                    new[]
                    {
                        new InlineKeyboardButton { Text = button.Label, CallbackData = button.Data },
                    }
                ),
            ]);

    private static bool TryId(string? text, out long id) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id) && id != 0;
}
