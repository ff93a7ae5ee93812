using System.Globalization;
using System.Text.Json;

namespace Reminders.Lab.Demo;

/// <summary>The settings of the demo's nodes, and the file by which other commands find the demo while it is up.</summary>
internal static class DemoSettings
{
    /// <summary>As the binder names them. Everything not here has the shipped value, Telegram's limits above all.</summary>
    public static IReadOnlyDictionary<string, string> For(DemoStage stage) =>
        new Dictionary<string, string>(
            stage.WhatsApp.SenderSettings.Select(setting => KeyValuePair.Create($"WhatsApp:{setting.Key}", setting.Value))
        )
        {
            // The private server takes a hundred connections; two nodes and the demo's own share them.
            ["ConnectionString"] = stage.ConnectionString + ";Maximum Pool Size=30",
            ["Telegram:BotToken"] = stage.Telegram.Token,
            ["Telegram:ApiBaseUrl"] = stage.Telegram.BaseAddress.ToString(),
            ["Email:Host"] = "127.0.0.1",
            ["Email:Port"] = stage.Mail.Port.ToString(CultureInfo.InvariantCulture),
            ["Email:From"] = "shop@shop.example.com",
            ["Email:Timeout"] = "00:00:04",
            ["WhatsApp:Timeout"] = "00:00:05",
            // Who has no Telegram is asked over WhatsApp.
            ["Kinds:CONFIRM_2H:Channels:0"] = "telegram",
            ["Kinds:CONFIRM_2H:Channels:1"] = "whatsapp",
            // Shorter than shipped, so that nobody watching waits half a minute for what a dead node left behind.
            ["Telegram:SendTimeout"] = "00:00:05",
            ["Outbox:ClaimLease"] = "00:00:06",
            ["Outbox:SendLease"] = "00:00:10",
        };

    public static IReadOnlyDictionary<string, string> AsEnvironment(IReadOnlyDictionary<string, string> settings) =>
        settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);

    /// <summary>Holds passwords, so only its owner may read it.</summary>
    public static void Write(string file, IReadOnlyDictionary<string, string> settings)
    {
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(stream, settings, JsonSerializerOptions.Web);
    }
}
