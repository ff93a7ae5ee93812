using System.Globalization;

namespace Reminders.Telegram;

/// <summary>
/// What Telegram's answer to a send or an edit means for the message. The descriptions are those of the Bot API server
/// (tdlib/telegram-bot-api, Client.cpp); they are no promise of Telegram's, so what is not known here is a plain rejection.
/// </summary>
internal static class TelegramOutcome
{
    // 400s that concern the chat, not the message. Every 403 does.
    private static readonly string[] ChatTexts =
    [
        "chat not found",
        "user not found",
        "PEER_ID_INVALID",
        "user is deactivated",
        "group chat was deactivated",
        "CHAT_WRITE_FORBIDDEN",
        "not enough rights to send",
        "have no rights to send",
    ];

    public static SendResult Of(Delivery delivery, TelegramResult<SentMessage> result) =>
        result switch
        {
            TelegramResult<SentMessage>.Ok ok => new SendResult.Sent(ok.Value.MessageId.ToString(CultureInfo.InvariantCulture)),
            TelegramResult<SentMessage>.NotSent notSent => new SendResult.NotDelivered(notSent.Detail)
            {
                Unanswered = true,
                Code = notSent.Reason,
            },
            TelegramResult<SentMessage>.Unknown unknown => new SendResult.Uncertain(unknown.Detail) { Code = unknown.Reason },
            TelegramResult<SentMessage>.Error error => OfError(delivery, error),
            _ => throw new InvalidOperationException($"No such result: {result.GetType().Name}."),
        };

    private static SendResult OfError(Delivery delivery, TelegramResult<SentMessage>.Error error)
    {
        var detail = $"{error.Code} {error.Description}";
        return error.Code switch
        {
            // Telegram does not say whether a 429 is the chat's or the bot's. A group has a limit of its own, 20 a minute, long
            // before the bot's.
            429 => new SendResult.Throttled(
                error.RetryAfter ?? SendResult.ShortestWait,
                IsGroup(delivery) ? ThrottleScope.Recipient : ThrottleScope.Unknown,
                detail
            ),
            401 => new SendResult.ChannelBroken($"{detail}: the token is wrong or revoked; check Telegram:BotToken"),
            404 => new SendResult.ChannelBroken(
                $"{detail}: the token is malformed, or this is no Bot API; check Telegram:BotToken and Telegram:ApiBaseUrl"
            ),
            403 => new SendResult.Unreachable(detail),
            400 when error.MigrateToChatId is { } chat => new SendResult.Unreachable(detail, chat.ToString(CultureInfo.InvariantCulture)),
            400 when IsAlreadySo(delivery, error) => new SendResult.Sent(delivery.ProviderMessageId!),
            400 when ChatTexts.Any(text => Says(error, text)) => new SendResult.Unreachable(detail),
            // 409 is the answer of a bot that is logging out or moving between servers: it passes, and is everybody's meanwhile.
            409 => new SendResult.NotDelivered(detail) { Unanswered = true },
            // Not Telegram's: a gateway's "request timeout" may come after it passed the request on.
            408 => new SendResult.Uncertain(detail),
            _ => new SendResult.Rejected(detail),
        };
    }

    private static bool IsGroup(Delivery delivery) => delivery.Address.StartsWith('-');

    private static bool IsAlreadySo(Delivery delivery, TelegramResult<SentMessage>.Error error) =>
        delivery.Operation == DeliveryOperation.Edit && Says(error, "message is not modified");

    private static bool Says(TelegramResult<SentMessage>.Error error, string text) =>
        error.Description.Contains(text, StringComparison.OrdinalIgnoreCase);
}
