using Microsoft.Extensions.Configuration;
using Reminders.Settings;

namespace Reminders.Cli;

/// <summary>
/// Secrets that are given as files, by Docker, Kubernetes (below <c>/run/secrets</c>) or systemd's credentials: each file of a folder is a
/// setting of its name, with two underscores for a colon, and without the newline at its end.
/// </summary>
internal static class SecretFiles
{
    /// <summary>The setting that names the folder, in <c>appsettings.json</c> or the environment.</summary>
    public const string Setting = "SecretsFolder";

    /// <param name="named">What is read so far and may name the folder.</param>
    /// <exception cref="SettingsException">The folder, or a file in it, cannot be read.</exception>
    public static IConfigurationBuilder AddSecretFiles(this IConfigurationBuilder configuration, IConfiguration named)
    {
        if (named[Setting] is not { Length: > 0 } folder)
        {
            return configuration;
        }

        var path = Path.GetFullPath(folder);
        if (!Directory.Exists(path))
        {
            throw Wrong(folder, "there is no such folder");
        }

        try
        {
            // Read here, so that what cannot be read is said of this setting. Values are taken once, like all others: no watch.
            var secrets = new ConfigurationBuilder().AddKeyPerFile(path, optional: false, reloadOnChange: false).Build();
            return configuration.AddConfiguration(secrets);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(folder, exception.Message.TrimEnd('.'));
        }
    }

    private static SettingsException Wrong(string folder, string what) =>
        new([
            $"{Setting} is '{folder}': {what}. It should be a folder with a file for each secret, named as in the environment "
                + $"(Telegram__BotToken), such as /run/secrets (environment: {Setting}).",
        ]);
}
