using Microsoft.Extensions.Configuration;

namespace Reminders.Cli;

/// <summary>Where settings come from: what ships with the program, then the folder it runs in, then the environment.</summary>
internal static class Settings
{
    /// <summary>Later sources win: kinds.json, appsettings.json, environment variables (<c>Telegram__BotToken</c>).</summary>
    public static IConfigurationBuilder AddReminders(this IConfigurationBuilder configuration) => configuration
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "kinds.json"), optional: false)
        .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
        .AddEnvironmentVariables();

    public static IConfiguration Load() => new ConfigurationBuilder().AddReminders().Build();
}
