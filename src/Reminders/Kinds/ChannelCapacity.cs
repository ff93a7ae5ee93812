using Reminders.Channels;
using Reminders.Channels.Telegram;
using Reminders.Channels.WhatsApp;

namespace Reminders.Kinds;

/// <summary>What each channel carries, so that a kind's texts can be held against it before anything is sent.</summary>
internal static class ChannelCapacity
{
    private static readonly TextCapacity OfTelegram = new(TelegramLimits.MaxTextCodePoints, TelegramLimits.MaxTextCodePoints, InUtf16: false);

    // Meta does not say what it counts, so the count that is never too small.
    private static readonly TextCapacity OfWhatsApp = new(WhatsAppLimits.MaxTextLength, WhatsAppLimits.MaxTextLengthWithButtons, InUtf16: true);

    public static TextCapacity Of(string channel) => channel switch
    {
        TelegramSender.ChannelName => OfTelegram,
        WhatsAppSender.ChannelName => OfWhatsApp,
        _ => TextCapacity.Unlimited,
    };
}
