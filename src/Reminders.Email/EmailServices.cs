using Microsoft.Extensions.DependencyInjection;
using Reminders.Outbox;

namespace Reminders.Email;

/// <summary>Mail as a channel.</summary>
public static class EmailServices
{
    /// <summary>Reads the section <c>Email</c> (<see cref="EmailOptions"/>). Without a <c>Host</c> nothing is sent.</summary>
    /// <param name="configure">Settings said in code, after the section's.</param>
    public static RemindersBuilder AddEmail(this RemindersBuilder builder, Action<EmailOptions>? configure = null) =>
        builder.AddWhenRead(EmailChannel.Traits, () => builder.Add(configure));

    private static void Add(this RemindersBuilder builder, Action<EmailOptions>? configure)
    {
        var options = builder.Bind("Email", configure);
        if (options.Host.Length == 0)
        {
            builder.Add(EmailChannel.Traits);
            return;
        }

        var lease = builder.Bind<OutboxOptions>("Outbox").SendLease;
        // Up to the dot and after it: a slow success must not outlive its lease, or it would be held and sent.
        EngineServices.Require([
            .. options.Validate(),
            .. options.Timeout * 2 < lease
                ? Array.Empty<string>()
                : [$"Email:Timeout is {options.Timeout}: it must be less than half of Outbox:SendLease ({lease})."],
        ]);
        builder.Services.AddSingleton(options);
        builder.Services.AddHostedService<UnsubscribeNotice>();
        builder.AddSender<EmailSender>(EmailChannel.Traits);
    }
}
