using System.CommandLine;
using System.Globalization;
using Reminders.Cli;
using Reminders.Lab.Mail;
using Reminders.Lab.Telegram;
using Reminders.Lab.WhatsApp;

namespace Reminders.Lab.Commands;

/// <summary>The stand-ins on their own, for anyone's bot and anyone's tests.</summary>
internal static class SandboxCommand
{
    private static readonly Option<int> Port = new("--telegram-port")
    {
        Description = "The loopback port of the simulated Telegram; 0 takes any free one.",
        DefaultValueFactory = _ => 8081,
    };

    private static readonly Option<int?> WhatsAppPort = new("--whatsapp-port")
    {
        Description = "The loopback port of a stand-in for WhatsApp's Cloud API; 0 takes any free one. Left out, there is none.",
    };

    private static readonly Option<int?> MailPort = new("--mail-port")
    {
        Description = "Also run a mail server that keeps what it gets, on this loopback port; 0 takes any free one.",
    };

    private static readonly Option<bool> NoLimits = new("--no-limits") { Description = "Refuse nothing for its rate: for measuring." };

    private static readonly Option<bool> Verbose = new("--verbose") { Description = "One line per call, on standard error." };

    public static Command Create()
    {
        var command = new Command(
            "sandbox",
            "Run the simulated Telegram: token 123456:SANDBOX, chat 1001 known to the bot; and a mail server and WhatsApp, if asked."
        )
        {
            Port,
            MailPort,
            WhatsAppPort,
            NoLimits,
            Verbose,
            ParentWatch.Option,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var telegram = await TelegramSimulator.StartAsync(
                    new()
                    {
                        Port = parsed.GetValue(Port),
                        EnforceLimits = !parsed.GetValue(NoLimits),
                        QuietLog = !parsed.GetValue(Verbose),
                    },
                    cancellationToken: cancellationToken
                );
                await using var mail = parsed.GetValue(MailPort) is { } mailPort
                    ? await MailSink.StartAsync(
                        new() { Port = mailPort, QuietLog = !parsed.GetValue(Verbose) },
                        cancellationToken: cancellationToken
                    )
                    : null;
                await Console.Out.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"""
                        ready {telegram.BaseAddress} {telegram.Token}
                        The simulated Telegram is up; chat {TelegramSimulator.FirstChatId} has pressed /start.
                          for a bot     Telegram__ApiBaseUrl={telegram.BaseAddress} Telegram__BotToken={telegram.Token}
                          for a person  curl {telegram.BaseAddress} tells how to press buttons and see what arrived
                        {(mail is null ? "" : Words(mail))}Ctrl-C ends it.
                        """
                    )
                );
                await using var whatsApp = parsed.GetValue(WhatsAppPort) is { } graph
                    ? await StartWhatsAppAsync(parsed, graph, cancellationToken)
                    : null;
                await ParentWatch.UntilToldAsync(parsed.GetValue(ParentWatch.Option), cancellationToken);
                return 0;
            }
        );
        return command;
    }

    private static async Task<WhatsAppSimulator> StartWhatsAppAsync(ParseResult parsed, int port, CancellationToken cancellationToken)
    {
        var whatsApp = await WhatsAppSimulator.StartAsync(
            new()
            {
                Port = port,
                EnforceLimits = !parsed.GetValue(NoLimits),
                QuietLog = !parsed.GetValue(Verbose),
            },
            cancellationToken: cancellationToken
        );
        await Console.Out.WriteLineAsync(
            $"""
            whatsapp {whatsApp.BaseAddress} {whatsApp.Options.PhoneNumberId} {whatsApp.Options.AccessToken}
            WhatsApp is up too.
              for both      curl {new Uri(whatsApp.BaseAddress, "/")} tells the settings, how to name a webhook, write and press
            """
        );
        return whatsApp;
    }

    private static string Words(MailSink mail) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            The mail server is up; it takes everything and delivers nothing.
              for a sender  Email__Host=127.0.0.1 Email__Port={mail.Port} Email__From=reminders@example.org
              for a person  curl {mail.ControlAddress} tells how to see what arrived and how to spoil it

            """
        );
}
