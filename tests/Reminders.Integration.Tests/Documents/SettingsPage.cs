using System.Text;
using Reminders.Cli;
using Reminders.Cli.Serving;
using Reminders.Email;
using Reminders.Events;
using Reminders.Failover;
using Reminders.Inbound;
using Reminders.Inbox;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Outbox;
using Reminders.Settings;
using Reminders.Telegram;
using Reminders.Web.Limits;
using Reminders.WhatsApp;

namespace Reminders.Integration.Tests.Documents;

/// <summary>Writes <c>docs/settings.md</c> from the options classes: names, types, defaults and documentation comments.</summary>
internal static class SettingsPage
{
    /// <summary>Each section with the class it is read into; the first is the root of the configuration.</summary>
    public static IReadOnlyList<(string Section, Type Options)> Sections { get; } =
    [
        ("", typeof(RemindersOptions)),
        ("Telegram", typeof(TelegramOptions)),
        ("WhatsApp", typeof(WhatsAppOptions)),
        ("Email", typeof(EmailOptions)),
        ("Outbox", typeof(OutboxOptions)),
        ("OpenQuestions", typeof(OpenQuestionsOptions)),
        ("Inbox", typeof(InboxOptions)),
        ("Webhook", typeof(WebhookOptions)),
        ("Api", typeof(ApiOptions)),
        ("Serve", typeof(ServeOptions)),
        ("Console", typeof(ConsoleOptions)),
        ("Tls", typeof(TlsOptions)),
        ("Proxies", typeof(ProxyOptions)),
        ("Failover", typeof(FailoverOptions)),
        ("Retention", typeof(RetentionOptions)),
        ("Kinds:<NAME>", typeof(KindDefinition)),
        ("Kinds:<NAME>:Answers:<KEY>", typeof(AnswerDefinition)),
    ];

    private const string Head = """
        # Settings

        *Written from the options classes by a test. To change this page, change their comments, then run the test once with
        `REMINDERS_RENEW_DOCS=1`.*

        A setting comes from the shipped kinds, then `appsettings.json`, then files of secrets, then the environment; the last one wins. The
        shipped kinds (`src/Reminders/kinds.json`) are in the engine's assembly; a `kinds.json` beside the program is read in their place. In
        the environment a colon is two underscores: `Outbox:InFlight` is `Outbox__InFlight`. A duration is `hh:mm:ss`, with days in front
        where there are any: `90.00:00:00`. A list has its entries under numbers: `Proxies:Networks:0`.

        A setting that is missing or wrong ends the start with one line that names it. `appsettings.sample.json` shows the same
        settings as a file to copy.

        **Several bots, mail senders or numbers.** Besides `Telegram`, `WhatsApp` and `Email` a section `Channels:<name>` is a channel of that
        name, with the settings of its sort, which `Channels:<name>:Provider` says: `telegram`, `whatsapp` or `email`. So
        `Channels:bot-a:BotToken` is what `Telegram:BotToken` is, for the channel `bot-a` ([more](embedding.md#several-bots-mail-senders-numbers)).
        With a bot that has a name, `Telegram:BotToken` may be left out.

        Three more are read elsewhere:

        * `SecretsFolder`, from `appsettings.json` or the environment: a folder in which each file is a setting of its name,
          `Telegram__BotToken`, without the newline at its end; such as `/run/secrets` ([running it](running.md#secrets)). A folder that is
          not there ends the start. Files whose names begin with a dot are not settings.
        * `Telemetry:OtlpEndpoint`, a URL that traces and metrics go to; the `OTEL_EXPORTER_OTLP_…` variables work too.
        * `Logging`, as in every .NET program. `Logging:Console:FormatterName` is `reminders` (the default), `json` (each line an object),
          `simple` or `systemd` ([running it](running.md#logs)).

        """;

    public static string Prefix(string section) => section.Length == 0 ? "" : section + ":";

    public static IEnumerable<Setting> Settings(string section, Type options) =>
        Setting.Of(
            Prefix(section),
            options == typeof(OutboxOptions) ? OutboxOptions.For(AllChannels.Known) : Activator.CreateInstance(options)!
        );

    public static string Render()
    {
        var page = new StringBuilder(Head);
        foreach (var (section, options) in Sections)
        {
            page.Append(section.Length == 0 ? "\n## The root\n\n" : $"\n## {section}\n\n");
            page.Append(DocComments.SummaryOf(options)).Append("\n\n| setting | value | default | |\n|---|---|---|---|\n");
            foreach (var setting in Settings(section, options))
            {
                page.Append($"| `{setting.Key}` | {Cell(setting.Type)} | {Cell(setting.Default)} | {Cell(setting.Words)} |\n");
            }

            foreach (var (key, values) in Setting.Choices(Prefix(section), options))
            {
                page.Append($"\n`{key}`\n\n")
                    .AppendJoin("", Enum.GetNames(values).Select(name => $"* `{name}`: {DocComments.SummaryOf(values.GetField(name)!)}\n"));
            }
        }
        return page.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
