using Reminders.Channels;
using Reminders.Telegram;

namespace Reminders.Tests.Channels.Telegram;

/// <summary>What the Telegram tests share.</summary>
internal static class Bot
{
    public const string Token = "123456789:AAtestSECRETtestSECRETtestSECRETtest";
    public const string Accepted = """{"ok":true,"result":{"message_id":77,"date":1760000000,"chat":{"id":42,"type":"private"}}}""";

    public static Delivery Message { get; } =
        new(
            "m-1",
            DeliveryOperation.Send,
            "42",
            "Собеседование в 14:00 🙂",
            [new Button("I confirm", "c:1"), new Button("I can't make it", "d:1")]
        );

    public static Delivery Edit { get; } = Message with { Operation = DeliveryOperation.Edit, ProviderMessageId = "77", Buttons = [] };

    public static TelegramOptions Options(Uri provider, TimeSpan? timeout = null, string token = Token) =>
        new()
        {
            ApiBaseUrl = provider,
            BotToken = token,
            SendTimeout = timeout ?? TimeSpan.FromSeconds(20),
        };

    public static TelegramClient Client(Uri provider, TimeSpan? timeout = null, string token = Token) =>
        new(Options(provider, timeout, token));

    public static TelegramSender Sender(Uri provider, TimeSpan? timeout = null) => new(Client(provider, timeout));
}
