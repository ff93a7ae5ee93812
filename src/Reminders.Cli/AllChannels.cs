using Reminders.Channels;
using Reminders.Email;
using Reminders.Telegram;
using Reminders.WhatsApp;

namespace Reminders.Cli;

/// <summary>What this service sends over, as far as its settings name it.</summary>
internal static class AllChannels
{
    /// <summary>What kinds may name, for whoever only reads them.</summary>
    public static ChannelCatalog Known { get; } = new(TelegramChannel.Traits, EmailChannel.Traits, WhatsAppChannel.Traits);

    public static void Add(RemindersBuilder channels) => channels.AddTelegram().AddEmail().AddWhatsApp();
}
