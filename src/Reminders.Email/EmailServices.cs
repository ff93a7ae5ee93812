using Microsoft.Extensions.DependencyInjection;
using Reminders.Outbox;

namespace Reminders.Email;

/// <summary>Mail as a channel.</summary>
public static class EmailServices
{
    private const string Section = "Email";

    /// <summary>
    /// The mail whose channel is <c>email</c>. Reads the section <c>Email</c> (<see cref="EmailOptions"/>). Without a <c>Host</c> nothing
    /// is sent.
    /// </summary>
    /// <param name="configure">Settings said in code, after the section's.</param>
    public static RemindersBuilder AddEmail(this RemindersBuilder builder, Action<EmailOptions> configure) =>
        builder.AddEmail(EmailChannel.Traits, configure);

    /// <inheritdoc cref="AddEmail(RemindersBuilder, Action{EmailOptions})"/>
    public static RemindersBuilder AddEmail(this RemindersBuilder builder) => builder.AddEmail(EmailChannel.Traits, configure: null);

    /// <summary>
    /// Mail of several senders: a channel of its own, with limits, pauses, addresses and opt-outs of its own. Reads the section
    /// <c>Channels:{name}</c> (<see cref="EmailOptions"/>).
    /// </summary>
    /// <param name="name">Of the channel, as kinds and addresses name it.</param>
    /// <param name="configure">Settings said in code, after the section's.</param>
    public static RemindersBuilder AddEmail(this RemindersBuilder builder, string name, Action<EmailOptions>? configure = null) =>
        builder.AddEmail(EmailChannel.Of(name), configure);

    private static RemindersBuilder AddEmail(this RemindersBuilder builder, ChannelTraits channel, Action<EmailOptions>? configure) =>
        builder.AddWhenRead(channel, () => builder.Add(channel, configure));

    private static void Add(this RemindersBuilder builder, ChannelTraits channel, Action<EmailOptions>? configure)
    {
        var (name, section) = (channel.Name, RemindersBuilder.SectionOf(channel, Section));
        var options = builder.Bind(section, configure);
        if (options.Host.Length == 0)
        {
            builder.Add(channel);
            return;
        }

        var lease = builder.Bind<OutboxOptions>("Outbox").SendLease;
        // Up to the dot and after it: a slow success must not outlive its lease, or it would be held and sent.
        EngineServices.Require(
            RemindersBuilder.SaidOf(
                section,
                Section,
                [
                    .. options.Validate(),
                    .. options.Timeout * 2 < lease
                        ? Array.Empty<string>()
                        : [$"Email:Timeout is {options.Timeout}: it must be less than half of Outbox:SendLease ({lease})."],
                ]
            )
        );
        // Once, for however many there are.
        builder.Services.AddHostedService<UnsubscribeNotice>();
        builder.AddSender(channel, services => new EmailSender(options, services.GetRequiredService<TimeProvider>(), name));
    }
}
