using Microsoft.Extensions.DependencyInjection;
using Reminders.Outbox;
using Reminders.Settings;

namespace Reminders.Email;

/// <summary>Mail as a channel.</summary>
public static class EmailServices
{
    /// <summary>Reads the section <c>Email</c> (<see cref="EmailOptions"/>). Without a <c>Host</c> nothing is sent.</summary>
    /// <exception cref="SettingsException">Settings are wrong; every one is named.</exception>
    public static RemindersChannels AddEmail(this RemindersChannels channels)
    {
        var options = RemindersServices.Bind<EmailOptions>(channels.Configuration, "Email");
        if (options.Host.Length == 0)
        {
            return channels.Add(EmailChannel.Traits);
        }

        var lease = RemindersServices.Bind<OutboxOptions>(channels.Configuration, "Outbox").SendLease;
        // Up to the dot and after it: a slow success must not outlive its lease, or it would be held and sent.
        RemindersServices.Require([
            .. options.Validate(),
            .. options.Timeout * 2 < lease
                ? Array.Empty<string>()
                : [$"Email:Timeout is {options.Timeout}: it must be less than half of Outbox:SendLease ({lease})."],
        ]);
        channels.Services.AddSingleton(options);
        channels.Services.AddHostedService<UnsubscribeNotice>();
        return channels.AddSender<EmailSender>(EmailChannel.Traits);
    }
}
