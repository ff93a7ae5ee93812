using Reminders.Channels;

namespace Reminders.Tests.Channels.WhatsApp;

public sealed class WhatsAppSenderContract : HttpSenderContract
{
    protected override Delivery Message => Business.Message;

    protected override string AcceptedBody => Business.Accepted;

    protected override ISender CreateSender(Uri provider, TimeSpan sendTimeout) => Business.Sender(provider, sendTimeout);
}
