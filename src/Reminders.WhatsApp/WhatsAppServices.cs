using Microsoft.Extensions.DependencyInjection;
using Reminders.Inbound;

namespace Reminders.WhatsApp;

/// <summary>WhatsApp as a channel, and the presses, messages and statuses that come back from it.</summary>
public static class WhatsAppServices
{
    private const string Section = "WhatsApp";

    /// <summary>
    /// The number whose channel is <c>whatsapp</c>. Reads the section <c>WhatsApp</c> (<see cref="WhatsAppOptions"/>). Without a
    /// <c>PhoneNumberId</c> nothing is sent there: a sender that cannot send would take messages that another channel could.
    /// </summary>
    /// <param name="configure">Settings said in code, after the section's.</param>
    public static RemindersBuilder AddWhatsApp(this RemindersBuilder builder, Action<WhatsAppOptions> configure) =>
        builder.AddWhatsApp(WhatsAppChannel.Traits, configure);

    /// <inheritdoc cref="AddWhatsApp(RemindersBuilder, Action{WhatsAppOptions})"/>
    public static RemindersBuilder AddWhatsApp(this RemindersBuilder builder) =>
        builder.AddWhatsApp(WhatsAppChannel.Traits, configure: null);

    /// <summary>
    /// A number of several: a channel of its own, with limits, pauses, addresses and an inbox of its own. Reads the section
    /// <c>Channels:{name}</c> (<see cref="WhatsAppOptions"/>).
    /// </summary>
    /// <param name="name">Of the channel, as kinds and addresses name it.</param>
    /// <param name="configure">Settings said in code, after the section's.</param>
    public static RemindersBuilder AddWhatsApp(this RemindersBuilder builder, string name, Action<WhatsAppOptions>? configure = null) =>
        builder.AddWhatsApp(WhatsAppChannel.Of(name), configure);

    private static RemindersBuilder AddWhatsApp(this RemindersBuilder builder, ChannelTraits channel, Action<WhatsAppOptions>? configure) =>
        builder.AddWhenRead(channel, () => builder.Add(channel, configure));

    private static void Add(this RemindersBuilder builder, ChannelTraits channel, Action<WhatsAppOptions>? configure)
    {
        var (name, section) = (channel.Name, RemindersBuilder.SectionOf(channel, Section));
        var options = builder.Bind(section, configure);
        EngineServices.Require(RemindersBuilder.SaidOf(section, Section, options.Validate()));
        var number = new WhatsAppNumber(name, section, options);
        builder.Services.AddSingleton(number);
        builder.Services.AddHandlers(typeof(WhatsAppServices).Assembly);
        builder.Services.AddScoped<IUpdateReader>(services => ActivatorUtilities.CreateInstance<WhatsAppUpdates>(services, number));
        if (options.IsOn)
        {
            builder.Take(
                $"number {options.PhoneNumberId}",
                name,
                $"{section}:PhoneNumberId is '{options.PhoneNumberId}'",
                "it should be of another number."
            );
            builder.AddSender(channel, _ => new WhatsAppSender(options, name));
        }
        else
        {
            builder.Add(channel);
        }
    }
}
