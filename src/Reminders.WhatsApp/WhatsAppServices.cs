using Microsoft.Extensions.DependencyInjection;
using Reminders.Inbound;

namespace Reminders.WhatsApp;

/// <summary>WhatsApp as a channel, and the presses, messages and statuses that come back from it.</summary>
public static class WhatsAppServices
{
    /// <summary>
    /// Reads the section <c>WhatsApp</c> (<see cref="WhatsAppOptions"/>). Without a <c>PhoneNumberId</c> nothing is sent there: a
    /// sender that cannot send would take messages that another channel could.
    /// </summary>
    /// <param name="configure">Settings said in code, after the section's.</param>
    public static RemindersBuilder AddWhatsApp(this RemindersBuilder builder, Action<WhatsAppOptions>? configure = null) =>
        builder.AddWhenRead(WhatsAppChannel.Traits, () => builder.Add(configure));

    private static void Add(this RemindersBuilder builder, Action<WhatsAppOptions>? configure)
    {
        var options = builder.Bind("WhatsApp", configure);
        EngineServices.Require(options.Validate());
        builder.Services.AddSingleton(options);
        builder.Services.AddHandlers(typeof(WhatsAppServices).Assembly);
        builder.Services.AddScoped<IUpdateReader, WhatsAppUpdates>();
        if (options.IsOn)
        {
            builder.AddSender<WhatsAppSender>(WhatsAppChannel.Traits);
        }
        else
        {
            builder.Add(WhatsAppChannel.Traits);
        }
    }
}
