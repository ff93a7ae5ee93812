using Reminders.Channels;

namespace Reminders.Tests.Channels.Telegram;

public sealed class TelegramSenderContract : HttpSenderContract
{
    protected override Delivery Message => Bot.Message;

    protected override string AcceptedBody => Bot.Accepted;

    protected override ISender CreateSender(Uri provider, TimeSpan sendTimeout) => Bot.Sender(provider, sendTimeout);
}
