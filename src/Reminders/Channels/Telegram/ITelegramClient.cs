namespace Reminders.Channels.Telegram;

/// <summary>
/// The methods of the Bot API the engine uses (https://core.telegram.org/bots/api). Each call is one POST, never repeated;
/// what the network or Telegram did is in the result, and cancellation is too. Safe for concurrent use.
/// </summary>
internal interface ITelegramClient
{
    Task<TelegramResult<SentMessage>> SendMessageAsync(SendMessage request, CancellationToken cancellationToken);

    Task<TelegramResult<SentMessage>> EditMessageTextAsync(EditMessageText request, CancellationToken cancellationToken);

    Task<TelegramResult<SentMessage>> EditMessageReplyMarkupAsync(EditMessageReplyMarkup request, CancellationToken cancellationToken);

    /// <summary>Stops the button's spinner. Telegram refuses it (400) about 10 s after the press.</summary>
    Task<TelegramResult<bool>> AnswerCallbackQueryAsync(AnswerCallbackQuery request, CancellationToken cancellationToken);

    /// <summary>Long polling. May take <c>request.Timeout</c> plus the send timeout. 409: someone else polls, or a webhook is set.</summary>
    Task<TelegramResult<UpdateBatch>> GetUpdatesAsync(GetUpdates request, CancellationToken cancellationToken);

    Task<TelegramResult<bool>> SetWebhookAsync(SetWebhook request, CancellationToken cancellationToken);

    Task<TelegramResult<bool>> DeleteWebhookAsync(DeleteWebhook request, CancellationToken cancellationToken);

    Task<TelegramResult<WebhookInfo>> GetWebhookInfoAsync(CancellationToken cancellationToken);

    /// <summary>Who the token belongs to: the cheapest check that it is valid.</summary>
    Task<TelegramResult<BotUser>> GetMeAsync(CancellationToken cancellationToken);
}
