using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Reminders.Channels;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Cli.Serving;

/// <summary>
/// The log on the console, as the framework writes it, but for what is in it: a message is one line of at most a thousand
/// characters, and an exception at most a hundred of them, all indented; one that says that the database is away has no stack. A text
/// from outside can be in either, and can neither begin a line that looks like one of ours, nor command the terminal, nor fill the
/// disk. <c>Logging:Console:FormatterName</c>
/// chooses another.
/// </summary>
internal sealed class PlainLines(IOptionsMonitor<ConsoleFormatterOptions> options, TimeProvider time) : ConsoleFormatter(Name)
{
    public new const string Name = "reminders";

    /// <summary>The setting that chooses a formatter.</summary>
    public const string Chosen = "Logging:Console:FormatterName";

    private const string Indent = "      ";
    private const int MostLines = 100;

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        if (message is null && entry.Exception is null)
        {
            return;
        }

        if (options.CurrentValue.TimestampFormat is { } format)
        {
            var now = options.CurrentValue.UseUtcTimestamp ? time.GetUtcNow() : time.GetLocalNow();
            textWriter.Write(now.ToString(format, System.Globalization.CultureInfo.InvariantCulture));
        }
        textWriter.WriteLine($"{Level(entry.LogLevel)}: {OutsideText.Clean(entry.Category)}[{entry.EventId.Id}]");
        textWriter.WriteLine(Indent + OutsideText.Clean(message));
        if (entry.Exception is null)
        {
            return;
        }

        // Where in the code the database was missed says nothing, and whoever misses it first may be Quartz, with its two stacks.
        var text = Faults.IsDatabaseAway(entry.Exception) ? entry.Exception.GetBaseException().Message : entry.Exception.ToString();
        var lines = text.Split('\n');
        foreach (var line in lines.Take(MostLines))
        {
            textWriter.WriteLine(Indent + OutsideText.Clean(line.TrimEnd('\r')));
        }

        if (lines.Length > MostLines)
        {
            textWriter.WriteLine($"{Indent}… and {lines.Length - MostLines} more lines");
        }
    }

    private static string Level(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
}

internal static class PlainLinesLogging
{
    // The framework takes a name that it does not know for none, and says nothing.
    private static readonly string[] Names =
    [
        PlainLines.Name,
        ConsoleFormatterNames.Json,
        ConsoleFormatterNames.Simple,
        ConsoleFormatterNames.Systemd,
    ];

    /// <summary>These lines, unless the settings choose a formatter. The web host has chosen one of its own by now.</summary>
    /// <exception cref="SettingsException">There is no formatter of that name.</exception>
    public static void AddPlainLines(this ILoggingBuilder logging, IConfiguration configuration)
    {
        var chosen = configuration[PlainLines.Chosen] ?? PlainLines.Name;
        if (!Names.Contains(chosen, StringComparer.OrdinalIgnoreCase))
        {
            throw new SettingsException([
                $"{PlainLines.Chosen} is '{chosen}': it should be one of {string.Join(", ", Names)} "
                    + "(environment: Logging__Console__FormatterName).",
            ]);
        }

        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.AddConsole(console => console.FormatterName = chosen).AddConsoleFormatter<PlainLines, ConsoleFormatterOptions>();
    }
}
