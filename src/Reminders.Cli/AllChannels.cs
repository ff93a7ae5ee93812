using Microsoft.Extensions.Configuration;
using Reminders.Channels;
using Reminders.Email;
using Reminders.Settings;
using Reminders.Telegram;
using Reminders.WhatsApp;

namespace Reminders.Cli;

/// <summary>What this service sends over, as far as its settings name it.</summary>
internal static class AllChannels
{
    /// <summary>Where the channels stand that are one of several of their sort: <c>Channels:bot-a</c>.</summary>
    public const string Section = "Channels";

    private const string Provider = "Provider";

    /// <summary>What kinds may name, for whoever only reads them.</summary>
    public static ChannelCatalog Known { get; } = new(TelegramChannel.Traits, EmailChannel.Traits, WhatsAppChannel.Traits);

    /// <exception cref="SettingsException">A channel is of no sort that is known here.</exception>
    public static void Add(RemindersBuilder channels)
    {
        var named = channels
            .Configuration.GetSection(Section)
            .GetChildren()
            .Select(section => (section.Key, Sort: SortOf(section)))
            .ToArray();
        // A bot that has a name is enough.
        if (named.Any(channel => channel.Sort == TelegramChannel.Name) && Token(channels.Configuration.GetSection("Telegram")) is null)
        {
            channels.Add(TelegramChannel.Traits);
        }
        else
        {
            channels.AddTelegram();
        }

        channels.AddEmail().AddWhatsApp();
        foreach (var (name, sort) in named)
        {
            _ = sort switch
            {
                TelegramChannel.Name => channels.AddTelegram(name),
                EmailChannel.Name => channels.AddEmail(name),
                _ => channels.AddWhatsApp(name),
            };
        }
    }

    /// <summary>Lets a tool that sends nothing do without the bots' tokens.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Tokenless(IConfiguration settings) =>
        settings
            .GetSection(Section)
            .GetChildren()
            .Where(channel => channel[Provider] == TelegramChannel.Name && Token(channel) is null)
            .Select(channel => KeyValuePair.Create($"{channel.Path}:{nameof(TelegramOptions.BotToken)}", (string?)TelegramCheck.NoToken));

    private static string? Token(IConfiguration bot) =>
        bot[nameof(TelegramOptions.BotToken)] is { Length: > 0 } token and not TelegramCheck.NoToken ? token : null;

    private static string SortOf(IConfigurationSection channel) =>
        channel[Provider] is TelegramChannel.Name or EmailChannel.Name or WhatsAppChannel.Name
            ? channel[Provider]!
            : throw new SettingsException([
                $"{channel.Path}:{Provider} is '{channel[Provider]}': it should be {TelegramChannel.Name}, {EmailChannel.Name} or "
                    + $"{WhatsAppChannel.Name}, whose settings that section then has.",
            ]);
}
