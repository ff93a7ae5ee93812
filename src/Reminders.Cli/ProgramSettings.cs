using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Reminders.Kinds;
using Reminders.Telegram;

namespace Reminders.Cli;

/// <summary>Where settings come from: what ships with the program, then the folder it runs in, then secrets' files, then the
/// environment.</summary>
internal static class ProgramSettings
{
    /// <summary>What this checkout makes for itself: data, logs, build stamps.</summary>
    public static string LocalFolder => Path.Combine(Environment.CurrentDirectory, ".local");

    /// <summary>Where a demo that is up has its settings, for <c>./dev explain</c> and the like.</summary>
    public static string DemoFileIn(string folder) => Path.Combine(folder, "demo", "appsettings.demo.json");

    private static string OwnFile => Path.Combine(Environment.CurrentDirectory, "appsettings.json");

    /// <summary>
    /// Later sources win: the shipped kinds, or a kinds.json beside the program in their place; appsettings.json; files of secrets;
    /// environment variables (<c>Telegram__BotToken</c>).
    /// </summary>
    public static IConfigurationBuilder AddReminders(this IConfigurationBuilder configuration)
    {
        var kinds = Path.Combine(AppContext.BaseDirectory, ShippedKinds.FileName);
        if (File.Exists(kinds))
        {
            // In their place, not on top of them: who took a kind out of the file does not want it.
            configuration.AddJsonFile(kinds);
        }
        else
        {
            ShippedKinds.AddTo(configuration);
        }

        return configuration
            .AddJsonFile(OwnFile, optional: true)
            .AddSecretFiles(new ConfigurationBuilder().AddJsonFile(OwnFile, optional: true).AddEnvironmentVariables().Build())
            .AddEnvironmentVariables();
    }

    /// <summary>For commands that look or mend. Where no database is configured, the demo's is meant, if one is up.</summary>
    public static IConfiguration Load()
    {
        // A tool that only needs the database need not know the bot's token; a node checks it when it starts.
        var tools = new ConfigurationBuilder().AddInMemoryCollection([new("Telegram:BotToken", TelegramCheck.NoToken)]);
        var configuration = tools.AddReminders().Build();
        tools.Sources.Insert(0, new MemoryConfigurationSource { InitialData = AllChannels.Tokenless(configuration) });
        configuration = tools.Build();
        if (!string.IsNullOrWhiteSpace(configuration["ConnectionString"]) || !File.Exists(DemoFileIn(LocalFolder)))
        {
            return configuration;
        }

        Console.Error.WriteLine("No ConnectionString is configured; using the running demo's.");
        return tools.AddJsonFile(DemoFileIn(LocalFolder)).Build();
    }
}
