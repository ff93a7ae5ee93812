using Microsoft.Extensions.DependencyInjection;
using Reminders.Doctor;
using Reminders.Inbound;

namespace Reminders.Telegram;

/// <summary>Telegram as a channel, and the presses and messages that come back from it.</summary>
public static class TelegramServices
{
    /// <summary>Reads the section <c>Telegram</c> (<see cref="TelegramOptions"/>).</summary>
    /// <param name="configure">Settings said in code, after the section's.</param>
    public static RemindersBuilder AddTelegram(this RemindersBuilder builder, Action<TelegramOptions>? configure = null) =>
        builder.AddWhenRead(TelegramChannel.Traits, () => builder.Add(configure));

    private static void Add(this RemindersBuilder builder, Action<TelegramOptions>? configure)
    {
        var options = builder.Bind("Telegram", configure);
        EngineServices.Require(options.Validate());
        builder.AddSender<TelegramSender>(TelegramChannel.Traits);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<TelegramClient>();
        builder.Services.AddSingleton<IProviderCheck, TelegramCheck>();
        builder.Services.AddHandlers(typeof(TelegramServices).Assembly);
        builder.Services.AddScoped<IUpdateReader, TelegramUpdates>();
        // A node that just began has not asked yet, and another may have died holding the lease.
        var asked = options.Mode == TelegramMode.Webhook ? options.WebhookCheckInterval : options.PollTimeout;
        builder.Services.AddSingleton(new AskedSource(TelegramChannel.Name, asked + options.SendTimeout * 2 + TimeSpan.FromMinutes(1)));
        builder.Services.AddHostedService<UpdatePoller>();
        builder.Services.AddHostedService<WebhookKeeper>();
    }
}
