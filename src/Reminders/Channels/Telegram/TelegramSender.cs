using System.Globalization;

namespace Reminders.Channels.Telegram;

/// <summary>Delivers over the Bot API: sendMessage, or editMessageText for an edit.</summary>
internal sealed class TelegramSender(ITelegramClient client) : ISender, IChannelProbe
{
    public const string ChannelName = "telegram";

    public string Channel => ChannelName;

    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (!TryId(delivery.Address, out long chat))
        {
            return new SendResult.Rejected($"the address '{delivery.Address}' is not a Telegram chat id, a whole number other than 0");
        }
        if (TelegramLimits.Problem(delivery) is { } problem)
        {
            return new SendResult.Rejected(problem);
        }
        InlineKeyboardMarkup? keyboard = Keyboard(delivery.Buttons);
        if (delivery.Operation == DeliveryOperation.Send)
        {
            return TelegramOutcome.Of(
                delivery, await client.SendMessageAsync(new SendMessage(chat, delivery.Text, keyboard), cancellationToken));
        }
        if (!TryId(delivery.ProviderMessageId, out long message) || message < 0)
        {
            return new SendResult.Rejected($"the edit names the message '{delivery.ProviderMessageId}', which is not a Telegram message id");
        }
        return TelegramOutcome.Of(
            delivery, await client.EditMessageTextAsync(new EditMessageText(chat, message, delivery.Text, keyboard), cancellationToken));
    }

    /// <summary>getMe: a whole answer of Telegram's own, and not a refusal that concerns every message.</summary>
    public async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken) => await client.GetMeAsync(cancellationToken) switch
    {
        TelegramResult<BotUser>.Ok => ProbeResult.Well,
        TelegramResult<BotUser>.Error error => ProbeResult.Ill($"getMe: {error.Code} {error.Description}"),
        TelegramResult<BotUser>.NotSent notSent => ProbeResult.Ill($"getMe: {notSent.Detail}"),
        TelegramResult<BotUser>.Unknown unknown => ProbeResult.Ill($"getMe: {unknown.Detail}"),
        var other => throw new InvalidOperationException($"No such result: {other.GetType().Name}."),
    };

    // Null, not an empty keyboard: Telegram drops the old one when the field is absent.
    private static InlineKeyboardMarkup? Keyboard(IReadOnlyList<Button> buttons)
    {
        if (buttons.Count == 0)
        {
            return null;
        }
        var rows = new InlineKeyboardButton[buttons.Count][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = [new InlineKeyboardButton(buttons[i].Label, buttons[i].Data)];
        }
        return new InlineKeyboardMarkup(rows);
    }

    private static bool TryId(string? text, out long id) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id) && id != 0;
}
