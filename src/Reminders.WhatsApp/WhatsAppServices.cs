using Microsoft.Extensions.DependencyInjection;
using Reminders.Inbound;
using Reminders.Settings;

namespace Reminders.WhatsApp;

/// <summary>WhatsApp as a channel, and the presses, messages and statuses that come back from it.</summary>
public static class WhatsAppServices
{
    /// <summary>
    /// Reads the section <c>WhatsApp</c> (<see cref="WhatsAppOptions"/>). Without a <c>PhoneNumberId</c> nothing is sent there: a
    /// sender that cannot send would take messages that another channel could.
    /// </summary>
    /// <exception cref="SettingsException">Settings are wrong; every one is named.</exception>
    public static RemindersChannels AddWhatsApp(this RemindersChannels channels)
    {
        var options = RemindersServices.Bind<WhatsAppOptions>(channels.Configuration, "WhatsApp");
        RemindersServices.Require(options.Validate());
        channels.Services.AddSingleton(options);
        channels.Services.AddHandlers(typeof(WhatsAppServices).Assembly);
        channels.Services.AddScoped<IUpdateReader, WhatsAppUpdates>();
        return options.IsOn ? channels.AddSender<WhatsAppSender>(WhatsAppChannel.Traits) : channels.Add(WhatsAppChannel.Traits);
    }
}
