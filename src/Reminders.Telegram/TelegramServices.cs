using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Doctor;
using Reminders.Inbound;

namespace Reminders.Telegram;

/// <summary>Telegram as a channel, and the presses and messages that come back from it.</summary>
public static class TelegramServices
{
    private const string Section = "Telegram";

    /// <summary>The bot whose channel is <c>telegram</c>. Reads the section <c>Telegram</c> (<see cref="TelegramOptions"/>).</summary>
    /// <param name="configure">Settings said in code, after the section's.</param>
    public static RemindersBuilder AddTelegram(this RemindersBuilder builder, Action<TelegramOptions> configure) =>
        builder.AddTelegram(TelegramChannel.Traits, configure);

    /// <inheritdoc cref="AddTelegram(RemindersBuilder, Action{TelegramOptions})"/>
    public static RemindersBuilder AddTelegram(this RemindersBuilder builder) =>
        builder.AddTelegram(TelegramChannel.Traits, configure: null);

    /// <summary>
    /// A bot of several: a channel of its own, with limits, pauses, addresses and an inbox of its own. Reads the section
    /// <c>Channels:{name}</c> (<see cref="TelegramOptions"/>).
    /// </summary>
    /// <param name="name">Of the channel, as kinds and addresses name it.</param>
    /// <param name="configure">Settings said in code, after the section's.</param>
    public static RemindersBuilder AddTelegram(this RemindersBuilder builder, string name, Action<TelegramOptions>? configure = null) =>
        builder.AddTelegram(TelegramChannel.Of(name), configure);

    private static RemindersBuilder AddTelegram(this RemindersBuilder builder, ChannelTraits channel, Action<TelegramOptions>? configure) =>
        builder.AddWhenRead(channel, () => builder.Add(channel, configure));

    private static void Add(this RemindersBuilder builder, ChannelTraits channel, Action<TelegramOptions>? configure)
    {
        var (name, section) = (channel.Name, RemindersBuilder.SectionOf(channel, Section));
        var options = builder.Bind(section, configure);
        EngineServices.Require(RemindersBuilder.SaidOf(section, Section, options.Validate()));
        if (options.BotToken != TelegramCheck.NoToken)
        {
            // Two that poll one bot would take each other's presses.
            builder.Take(
                $"bot {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.ApiBaseUrl}{options.BotToken}")))}",
                name,
                $"{section}:BotToken is a bot's",
                "it should be of another bot."
            );
        }

        TelegramBot BotOf(IServiceProvider services) => services.GetServices<TelegramBot>().Single(bot => bot.Channel == name);

        builder.AddSender(channel, services => new TelegramSender(BotOf(services).Client, name));
        builder.Services.AddSingleton(_ => new TelegramBot(name, section, options));
        builder.Services.AddSingleton<IProviderCheck>(services => new TelegramCheck(BotOf(services)));
        builder.Services.AddHandlers(typeof(TelegramServices).Assembly);
        builder.Services.AddScoped<IUpdateReader>(services =>
            ActivatorUtilities.CreateInstance<TelegramUpdates>(services, BotOf(services))
        );
        // A node that just began has not asked yet, and another may have died holding the lease.
        var asked = options.Mode == TelegramMode.Webhook ? options.WebhookCheckInterval : options.PollTimeout;
        builder.Services.AddSingleton(new AskedSource(name, asked + options.SendTimeout * 2 + TimeSpan.FromMinutes(1)));
        // Not AddHostedService, which takes one of a type.
        builder.Services.AddSingleton<IHostedService>(services =>
            ActivatorUtilities.CreateInstance<UpdatePoller>(services, BotOf(services))
        );
        builder.Services.AddSingleton<IHostedService>(services =>
            ActivatorUtilities.CreateInstance<WebhookKeeper>(services, BotOf(services))
        );
    }
}
