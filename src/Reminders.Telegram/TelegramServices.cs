using Microsoft.Extensions.DependencyInjection;
using Reminders.Inbound;
using Reminders.Settings;

namespace Reminders.Telegram;

/// <summary>Telegram as a channel, and the presses and messages that come back from it.</summary>
public static class TelegramServices
{
    /// <summary>Reads the section <c>Telegram</c> (<see cref="TelegramOptions"/>).</summary>
    /// <exception cref="SettingsException">Settings are missing or wrong; every one is named.</exception>
    public static RemindersChannels AddTelegram(this RemindersChannels channels)
    {
        var options = RemindersServices.Bind<TelegramOptions>(channels.Configuration, "Telegram");
        RemindersServices.Require(options.Validate());
        channels.AddSender<TelegramSender>(TelegramChannel.Traits);
        channels.Services.AddSingleton(options);
        channels.Services.AddSingleton<TelegramClient>();
        channels.Services.AddHandlers(typeof(TelegramServices).Assembly);
        channels.Services.AddScoped<IUpdateReader, TelegramUpdates>();
        // A node that just began has not asked yet, and another may have died holding the lease.
        var asked = options.Mode == TelegramMode.Webhook ? options.WebhookCheckInterval : options.PollTimeout;
        channels.Services.AddSingleton(new AskedSource(TelegramChannel.Name, asked + options.SendTimeout * 2 + TimeSpan.FromMinutes(1)));
        channels.Services.AddHostedService<UpdatePoller>();
        channels.Services.AddHostedService<WebhookKeeper>();
        return channels;
    }
}
